import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { invariant } from '../../support/invariant.js';
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
import { V1Membership } from './cgroup-v1-membership.js';
import { type Cgroups, componentName, directoryName, pathOf, type TaskId } from './cgroups.js';
import { coresOf } from './core-list.js';
import { GroupLooks, type GroupRests } from './group-looks.js';
import type { Journal } from './journal.js';
import { OpenValues } from './open-values.js';

/** Where the v1 hierarchies that we use are mounted; cpuset null: threads cannot be confined. */
export interface CgroupV1Mounts {
  readonly cpu: string;
  readonly cpuset: string | null;
}

const WEIGHT: WeightFile = { name: 'cpu.shares', least: 2 };
const US_PER_NS = 1000n;
const UNLIMITED = '-1';

/** cgroup v1: `cpu` for weights and quotas, `cpuset` for confining single threads. */
export class CgroupV1 implements Cgroups {
  readonly version = 1;
  readonly #processes: V1Membership;
  readonly #threads: V1Membership | null;
  readonly #values = new OpenValues();
  readonly #looks = new GroupLooks();

  constructor(
    private readonly mounts: CgroupV1Mounts,
    private readonly sliceName: string,
    private readonly journal: Journal,
  ) {
    const { cpu, cpuset } = mounts;
    this.#processes = new V1Membership(cpu, 'cpu', 'cgroup.procs', sliceName, journal);
    this.#threads = cpuset === null ? null : new V1Membership(cpuset, 'cpuset', 'tasks', sliceName, journal);
  }

  prepare(): void {
    makeDirectory(this.#directory([]), this.journal);
    adoptLeftovers(this.#directory([]), isOurs, join(this.mounts.cpu, 'cgroup.procs'), this.journal);
    const { cpuset } = this.mounts;
    if (cpuset === null) return;
    // INVARIANT: cpusets are made before the first and removed after the last reservation: making or removing one
    // rebuilds the root domain, which forgets bandwidth that a thread is about to give back.
    const slice = join(cpuset, this.sliceName);
    this.#makeCpuset(slice, readValue(join(cpuset, 'cpuset.effective_cpus')) ?? '');
    for (const core of coresOf(readValue(join(slice, 'cpuset.cpus')) ?? '')) {
      this.#makeCpuset(join(slice, coreDirectory(core)), `${core}`);
    }
  }

  create(path: GroupPath): void {
    makeDirectory(this.#directory(path), this.journal);
  }

  remove(path: GroupPath): void {
    removeDirectory(this.#directory(path), this.journal);
  }

  gather(process: TaskId, path: GroupPath): void {
    const origin = this.#processes.originOf(process);
    if (this.groupOf(process.id)?.join('\0') === path.join('\0')) return;
    this.#processes.remember(process, origin);
    this.#processes.move(process, this.#directory(path));
  }

  putBack(process: TaskId): void {
    this.#processes.undo(process);
  }

  setWeight(path: GroupPath, weight: number): void {
    writeWeight(this.#directory(path), WEIGHT, weight);
  }

  setQuota(path: GroupPath, quota: Quota | null): void {
    const directory = this.#directory(path);
    if (quota === null) {
      writeValue(join(directory, 'cpu.cfs_quota_us'), UNLIMITED);
      return;
    }
    // Lift the old quota first: a longer period with the old quota could pass below the kernel's least ratio.
    writeValue(join(directory, 'cpu.cfs_quota_us'), UNLIMITED);
    writeValue(join(directory, 'cpu.cfs_period_us'), `${quota.periodNs / US_PER_NS}`);
    writeValue(join(directory, 'cpu.cfs_quota_us'), `${quota.quotaNs / US_PER_NS}`);
  }

  confine(_process: TaskId, thread: TaskId, core: number | null): void {
    const { cpuset } = this.mounts;
    const threads = this.#threads;
    if (cpuset === null || threads === null) {
      throw Object.assign(new Error('no cpuset hierarchy'), { code: 'ENOTSUP' });
    }
    if (core === null) {
      threads.undo(thread);
      return;
    }
    const origin = threads.originOf(thread);
    if (this.coreOf(_process.id, thread.id) === core) return;
    threads.remember(thread, origin);
    // INVARIANT: from core to core by way of the slice. Moved straight between cpusets that have no core in common, a
    // SCHED_DEADLINE thread is charged a second time, and the first charge is never given back.
    if (this.coreOf(_process.id, thread.id) !== null) threads.move(thread, join(cpuset, this.sliceName));
    threads.move(thread, join(cpuset, this.sliceName, coreDirectory(core)));
  }

  groupOf(pid: number): GroupPath | null {
    return this.groupAt(cgroupPathOf(`${pid}`, 'cpu'));
  }

  groupAt(path: string | null): GroupPath | null {
    const prefix = `/${this.sliceName}/`;
    if (path === null || !path.startsWith(prefix)) return null;
    const components = path.slice(prefix.length).split('/').map(componentName);
    return components.every((component) => component !== null) ? (components as string[]) : null;
  }

  coreOf(pid: number, tid: number): number | null {
    const path = cgroupPathOf(`${pid}/task/${tid}`, 'cpuset');
    const match = path === null ? null : /\/core(\d+)$/.exec(path);
    return match && path?.startsWith(`/${this.sliceName}/`) ? Number(match[1]) : null;
  }

  observe(rests: GroupRests = () => false): readonly ObservedGroup[] {
    if (!existsSync(this.#directory([]))) return [];
    const isLeaf = (directories: readonly string[]) => rests(pathOf(directories));
    const all = [[], ...listDirectories(this.#directory([]), isOurs, isLeaf)];
    this.#values.keepOnly(new Set(all.map((directories) => this.#path(directories))));
    return this.#looks.look(all, rests, (directories) => this.#observeGroup(directories));
  }

  close(): void {
    this.#values.keepOnly(new Set());
  }

  dismantle(): void {
    const { cpuset } = this.mounts;
    for (const group of [...this.observe()].reverse()) this.remove(group.path);
    if (cpuset === null) return;
    const slice = join(cpuset, this.sliceName);
    for (const [name] of listDirectories(slice, (directory) => /^core\d+$/.test(directory))) {
      invariant(name, 'a directory has a name');
      removeDirectory(join(slice, name), this.journal);
    }
    removeDirectory(slice, this.journal);
  }

  #observeGroup(directories: readonly string[]): ObservedGroup {
    const directory = this.#path(directories);
    const quotaUs = this.#values.read(directory, 'cpu.cfs_quota_us');
    const periodUs = this.#values.read(directory, 'cpu.cfs_period_us');
    return {
      path: pathOf(directories),
      weight: readWeight(this.#values, directory, WEIGHT),
      quota:
        quotaUs === null || periodUs === null || quotaUs === UNLIMITED
          ? null
          : { quotaNs: BigInt(quotaUs) * US_PER_NS, periodNs: BigInt(periodUs) * US_PER_NS },
    };
  }

  #makeCpuset(directory: string, cpus: string): void {
    const { cpuset } = this.mounts;
    invariant(cpuset !== null, 'a cpuset is only made where there is a hierarchy');
    makeDirectory(directory, this.journal);
    // Before it has cores: one that takes no part in load balancing never makes the kernel rebuild its domains.
    if (readValue(join(directory, 'cpuset.cpus')) === '') {
      writeValue(join(directory, 'cpuset.sched_load_balance'), '0');
    }
    if (readValue(join(directory, 'cpuset.mems')) === '') {
      writeValue(join(directory, 'cpuset.mems'), readValue(join(cpuset, 'cpuset.effective_mems')) ?? '0');
    }
    if (readValue(join(directory, 'cpuset.cpus')) !== cpus) writeValue(join(directory, 'cpuset.cpus'), cpus);
  }

  #directory(path: GroupPath): string {
    return this.#path(path.map(directoryName));
  }

  #path(directories: readonly string[]): string {
    return join(this.mounts.cpu, this.sliceName, ...directories);
  }
}

const isOurs = (directory: string): boolean => componentName(directory) !== null;

const coreDirectory = (core: number): string => `core${core}`;
