import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type PinnedThread, pinnedThreads, restoreAffinities } from './affinity.js';
import { cgroupPathOf, readValue, writeValue } from './cgroup-files.js';
import type { Journal } from './journal.js';

export type Controller = 'cpu' | 'cpuset' | 'memory';

/** Memory is accounted for only where something limits it. */
const ALWAYS: readonly Controller[] = ['cpu', 'cpuset'];
const SWITCHES = 'cgroup.subtree_control';
/** What a group's files say as long as nobody uses the controller in it. */
const DEFAULTS: Readonly<Record<Controller, readonly (readonly [file: string, value: string])[]>> = {
  cpu: [
    ['cpu.weight', '100'],
    ['cpu.max', 'max 100000'],
    ['cpu.idle', '0'],
  ],
  cpuset: [
    ['cpuset.cpus', ''],
    ['cpuset.mems', ''],
  ],
  memory: [
    ['memory.min', '0'],
    ['memory.low', '0'],
    ['memory.high', 'max'],
    ['memory.max', 'max'],
  ],
};

interface Enabled {
  readonly controller: Controller;
  readonly file: string;
  /** Ids in the journal. */
  readonly record: number;
  readonly affinities: readonly number[];
}

/**
 * Switches controllers of the unified hierarchy on for the children of a group, and those that we switched on outside
 * our slice off again. Pinned threads keep their affinity (see affinity.ts): enabling `cpuset` at the root would else
 * unpin every thread of the machine that is in a cgroup.
 */
export class Controllers {
  readonly #enabled: Enabled[] = [];

  /** `parent`: the group that our slice is made in, the one place outside it where anything is switched. */
  constructor(
    private readonly parent: string,
    private readonly slice: string,
    private readonly journal: Journal,
  ) {}

  /** Controllers that the host does not have are left out; settings and confinement that need them then fail. */
  enableAbove(controllers: readonly Controller[] = ALWAYS): void {
    for (const controller of this.#missing(this.parent, controllers)) {
      const pinned = this.#pinnedBy(controller);
      // Undone in reverse: first the controller goes, then whoever that unpinned is pinned again.
      const affinities = pinned.map(({ id, startTime, mask }) =>
        this.journal.record({ operation: 'affinity', tid: id, startTime, mask }),
      );
      const file = join(this.parent, SWITCHES);
      const record = this.journal.record({ operation: 'write', file, content: `-${controller}` });
      this.#enabled.push({ controller, file, record, affinities });
      writeValue(file, `+${controller}`);
      restoreAffinities(pinned);
    }
  }

  /** Within our slice: nothing to remember, it goes with the group. */
  enableWithin(directory: string, controllers: readonly Controller[]): void {
    const missing = this.#missing(directory, controllers);
    if (missing.length > 0)
      writeValue(join(directory, SWITCHES), missing.map((name) => `+${name}`).join(' '));
  }

  /** What others have come to use meanwhile stays on. */
  disableAbove(): void {
    for (let enabled = this.#enabled.pop(); enabled !== undefined; enabled = this.#enabled.pop()) {
      const { controller, file, record, affinities } = enabled;
      if (!this.#othersUse(controller)) {
        const pinned = this.#pinnedBy(controller);
        writeValue(file, `-${controller}`);
        restoreAffinities(pinned);
      }
      for (const id of [record, ...affinities]) this.journal.clear(id);
    }
  }

  #missing(directory: string, wanted: readonly Controller[]): readonly Controller[] {
    const available = (readValue(join(directory, 'cgroup.controllers')) ?? '').split(' ');
    const enabled = (readValue(join(directory, SWITCHES)) ?? '').split(' ');
    return wanted.filter((name) => available.includes(name) && !enabled.includes(name));
  }

  #othersUse(controller: Controller): boolean {
    const others = readdirSync(this.parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(this.parent, entry.name))
      .filter((directory) => directory !== this.slice);
    return others.some((directory) => {
      const passedOn = (readValue(join(directory, SWITCHES)) ?? '').split(' ').includes(controller);
      return (
        passedOn ||
        DEFAULTS[controller].some(([file, value]) => (readValue(join(directory, file)) ?? value) !== value)
      );
    });
  }

  /** Threads that enabling the controller would unpin: those in the root group are not touched by it. */
  #pinnedBy(controller: Controller): readonly PinnedThread[] {
    return controller === 'cpuset' ? threadsPinnedInGroups() : [];
  }
}

/** Threads with an affinity of their own in groups other than the root. */
export const threadsPinnedInGroups = (): readonly PinnedThread[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && (cgroupPathOf(name, '') ?? '/') !== '/')
    .flatMap((pid) => pinnedThreads(Number(pid)));
