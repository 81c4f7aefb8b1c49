import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GroupPath, ObservedGroup, Quota } from '../host.js';
import {
  adoptLeftovers,
  cgroupPathOf,
  listDirectories,
  makeDirectory,
  readValue,
  readWeight,
  removeDirectory,
  type WeightFile,
  writeValue,
  writeWeight,
} from './cgroup-files.js';
import { Controllers } from './cgroup-v2-controllers.js';
import { Membership } from './cgroup-v2-membership.js';
import { type Cgroups, componentName, directoryName, pathOf, type TaskId } from './cgroups.js';
import { GroupLooks, type GroupRests } from './group-looks.js';
import type { Journal } from './journal.js';
import { OpenValues } from './open-values.js';
import type { UndoRecord } from './undo-record.js';

const WEIGHT: WeightFile = { name: 'cpu.weight', least: 1 };
const US_PER_NS = 1000n;
const UNLIMITED = 'max';
const CORE_DIRECTORY = /^core(\d+)$/;

/**
 * cgroup v2: `cpu` for weights and quotas of guests, and below a guest's own group one threaded group for each core
 * that some thread of it is confined to. Such a group carries no controller but `cpuset`: weight and quota of the
 * guest go on meaning all of its threads.
 *
 *     vmc.slice > vmc-CLASS > … > vmc-GUEST (domain threaded) > core0, core1, … (threaded, cpuset.cpus = one core)
 *
 * Why this shape, and what the kernel was measured to make of it: docs/decisions/0002-cgroup-v2-threads.md.
 */
export class CgroupV2 implements Cgroups {
  readonly version = 2;
  readonly #values = new OpenValues();
  readonly #looks = new GroupLooks();
  readonly #slice: string;
  /** What the slice is in. */
  readonly #above: string;
  #aboveBefore: readonly UndoRecord[] = [];
  readonly #controllers: Controllers;
  readonly #membership: Membership;

  /**
   * `mount`: where the hierarchy is mounted; `sliceName`: path of our slice below it, without a leading slash; `delegated`: it
   * is there already, somebody's who has given us what is in it, and nothing above it is ours to change.
   */
  constructor(
    private readonly mount: string,
    private readonly sliceName: string,
    private readonly journal: Journal,
    private readonly delegated = false,
  ) {
    this.#slice = join(mount, sliceName);
    this.#above = dirname(this.#slice);
    this.#controllers = new Controllers(this.#above, this.#slice, journal);
    this.#membership = new Membership(mount, journal);
  }

  prepare(): void {
    if (!this.delegated) {
      this.#controllers.enableAbove();
      makeDirectory(this.#slice, this.journal);
    }
    const isOurs = (name: string) => componentName(name) !== null || CORE_DIRECTORY.test(name);
    this.#membership.journalAgain(({ id }) => this.groupOf(id) !== null);
    adoptLeftovers(this.#slice, isOurs, join(this.mount, 'cgroup.procs'), this.journal);
    this.create([]);
  }

  create(path: GroupPath): void {
    if (path.length > 0)
      this.#controllers.enableWithin(this.#directory(path.slice(0, -1)), ['cpu', 'cpuset']);
    if (path.length > 0 || !this.delegated) makeDirectory(this.#directory(path), this.journal);
    if (path.length === 0) this.#controllers.enableWithin(this.#slice, ['cpu', 'cpuset']);
  }

  remove(path: GroupPath): void {
    if (path.length === 0 && this.delegated) return;
    const directory = this.#directory(path);
    for (const core of coreGroupsIn(directory)) removeDirectory(join(directory, core), this.journal);
    removeDirectory(directory, this.journal);
  }

  gather(process: TaskId, path: GroupPath): void {
    const current = this.groupOf(process.id);
    if (current !== null && current.join('/') === path.join('/')) return;
    // Threads leave the cores of the old group first: no record may name a group that is about to go.
    if (current === null) this.#membership.remember(process);
    else this.#membership.releaseThreads(process, join(this.#directory(current), 'cgroup.threads'));
    this.#membership.moveProcess(process, join(this.#directory(path), 'cgroup.procs'));
  }

  putBack(process: TaskId): void {
    this.#membership.putBack(process);
  }

  setWeight(path: GroupPath, weight: number): void {
    const directory = this.#weighed(path.map(directoryName));
    if (directory === this.#above) this.#rememberAbove();
    writeWeight(directory, WEIGHT, weight);
  }

  setQuota(path: GroupPath, quota: Quota | null): void {
    const value = quota === null ? UNLIMITED : `${quota.quotaNs / US_PER_NS} ${quota.periodNs / US_PER_NS}`;
    writeValue(join(this.#directory(path), 'cpu.max'), value);
  }

  confine(process: TaskId, thread: TaskId, core: number | null): void {
    const group = this.groupOf(process.id);
    if (group === null) {
      // Somebody took it out of our slice, and with it out of our cores.
      if (core === null) return;
      throw Object.assign(new Error(`process ${process.id} is not in a group of ours`), { code: 'EINVAL' });
    }
    const directory = this.#directory(group);
    const outside = join(directory, 'cgroup.threads');
    const current = this.coreOf(process.id, thread.id);
    if (core === null) {
      this.#membership.releaseThread(process, thread, outside);
    } else if (current !== core) {
      this.#makeCoreGroup(directory, core);
      // INVARIANT: from core to core by way of outside. Moved straight between cpusets that have no core in common, a
      // SCHED_DEADLINE thread is charged a second time, and the first charge is never given back.
      if (current !== null) this.#membership.releaseThread(process, thread, outside);
      const inside = join(directory, coreDirectory(core), 'cgroup.threads');
      this.#membership.confineThread(process, thread, inside, outside);
    }
  }

  groupOf(pid: number): GroupPath | null {
    return this.groupAt(cgroupPathOf(`${pid}`, ''));
  }

  groupAt(path: string | null): GroupPath | null {
    const components = this.#componentsIn(path);
    if (components === null) return null;
    // The main loop may be confined itself: its core is no part of where the process is.
    const last = components.at(-1);
    const group = last !== undefined && CORE_DIRECTORY.test(last) ? components.slice(0, -1) : components;
    const names = group.map(componentName);
    return names.every((name) => name !== null) ? names : null;
  }

  /** Directory of the group that a process of ours is in; null: it is elsewhere. */
  directoryOf(pid: number): string | null {
    const path = this.groupOf(pid);
    return path && this.#directory(path);
  }

  /** Directories of the groups above that one, the slice first. */
  directoriesAbove(pid: number): readonly string[] {
    const path = this.groupOf(pid) ?? [];
    return path.map((_, depth) => this.#directory(path.slice(0, depth)));
  }

  /** Has the memory controller act on the group that a process of ours is in; false: it is elsewhere. */
  enableMemory(pid: number): boolean {
    const above = this.directoriesAbove(pid);
    if (above.length === 0) return false;
    this.#controllers.enableAbove(['memory']);
    for (const directory of above) this.#controllers.enableWithin(directory, ['memory']);
    return true;
  }

  coreOf(pid: number, tid: number): number | null {
    const match = CORE_DIRECTORY.exec(this.#componentsOf(`${pid}/task/${tid}`)?.at(-1) ?? '');
    return match === null ? null : Number(match[1]);
  }

  observe(rests: GroupRests = () => false): readonly ObservedGroup[] {
    if (!existsSync(this.#slice)) return [];
    const isOurs = (name: string) => componentName(name) !== null;
    const below = listDirectories(this.#slice, isOurs, (directories) => rests(pathOf(directories)));
    // One that is not ours to remove is there for as long as somebody is in it.
    const all = this.delegated && below.length === 0 ? [] : [[], ...below];
    const directories = all.map((names) => join(this.#slice, ...names));
    this.#values.keepOnly(new Set([this.#above, ...directories]));
    return this.#looks.look(all, rests, (directories) => this.#observeGroup(directories));
  }

  close(): void {
    this.#values.keepOnly(new Set());
  }

  dismantle(): void {
    for (const { path } of [...this.observe()].reverse()) this.remove(path);
    this.#controllers.disableAbove();
  }

  #observeGroup(directories: readonly string[]): ObservedGroup {
    const directory = join(this.#slice, ...directories);
    const [quotaUs = UNLIMITED, periodUs = '0'] = (this.#values.read(directory, 'cpu.max') ?? '').split(' ');
    const unlimited = quotaUs === UNLIMITED || quotaUs === '';
    return {
      path: pathOf(directories),
      weight: readWeight(this.#values, this.#weighed(directories), WEIGHT),
      quota: unlimited
        ? null
        : { quotaNs: BigInt(quotaUs) * US_PER_NS, periodNs: BigInt(periodUs) * US_PER_NS },
    };
  }

  /**
   * The directory whose weight is that of the group. In somebody's scope all of ours has no neighbours: who competes with
   * the rest of the machine is the slice that the scope is in.
   */
  #weighed(names: readonly string[]): string {
    return names.length === 0 && this.delegated ? this.#above : join(this.#slice, ...names);
  }

  /** The slice outlives the scope. */
  #rememberAbove(): void {
    if (this.#aboveBefore.length === 0) {
      // Undone from the last to the first: an idle group takes no weight.
      this.#aboveBefore = [WEIGHT.name, 'cpu.idle'].flatMap((name) => {
        const file = join(this.#above, name);
        const content = readValue(file);
        return content === null ? [] : [{ operation: 'write', file, content }];
      });
    }
    for (const undo of this.#aboveBefore) this.journal.record(undo);
  }

  #makeCoreGroup(directory: string, core: number): void {
    const group = join(directory, coreDirectory(core));
    if (readValue(join(group, 'cpuset.cpus')) === `${core}`) return;
    makeDirectory(group, this.journal);
    try {
      // In this order: a group of a guest can only be given to threads as long as it has no controllers of its own.
      writeValue(join(group, 'cgroup.type'), 'threaded');
      this.#controllers.enableWithin(directory, ['cpuset']);
      writeValue(join(group, 'cpuset.cpus'), `${core}`);
    } catch (error) {
      removeDirectory(group, this.journal);
      throw error;
    }
  }

  /** Directories between our slice and the task; null: it is not below our slice. */
  #componentsOf(task: string): readonly string[] | null {
    return this.#componentsIn(cgroupPathOf(task, ''));
  }

  #componentsIn(path: string | null): readonly string[] | null {
    const prefix = `/${this.sliceName}/`;
    return path?.startsWith(prefix) ? path.slice(prefix.length).split('/') : null;
  }

  #directory(path: GroupPath): string {
    return join(this.mount, this.sliceName, ...path.map(directoryName));
  }
}

const coreDirectory = (core: number): string => `core${core}`;

function coreGroupsIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).filter((name) => CORE_DIRECTORY.test(name));
}
