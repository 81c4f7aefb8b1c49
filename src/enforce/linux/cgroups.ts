import type { GroupPath, ObservedGroup, Quota } from '../host.js';
import type { GroupRests } from './group-looks.js';

/**
 * The cgroups that vmc makes and sets, whichever version of the hierarchy the host has.
 *
 * Contract, for both implementations: a change that outlives the daemon is first written to the journal, with what
 * undoes it; every method is idempotent; what the kernel refuses is thrown as Node's own errno error (`error.code`)
 * and leaves nothing half done; nothing outside the slice of all guests is written, except where a guest came from
 * when it is put back.
 */
export interface Cgroups {
  readonly version: 1 | 2;
  /** Makes the slice of all guests and what confining threads needs. Before any thread holds a reservation. */
  prepare(): void;
  /** Makes a group below the slice; its parents exist. */
  create(path: GroupPath): void;
  /** Removes an empty group; one that is gone already is fine. */
  remove(path: GroupPath): void;
  /** Moves all threads of a process into the group; remembers in the journal where it came from. */
  gather(process: TaskId, path: GroupPath): void;
  /** Puts the process back where it was found. */
  putBack(process: TaskId): void;
  /** v1 `cpu.shares`, v2 `cpu.weight`. */
  setWeight(path: GroupPath, weight: number): void;
  /** Null: unlimited. */
  setQuota(path: GroupPath, quota: Quota | null): void;
  /**
   * Confines one thread of a gathered process to one core by a plain narrow cpuset of the same root domain, or, with
   * null, lets it out again to where its process is. The thread may be SCHED_DEADLINE: affinity may not, a cpuset may.
   */
  confine(process: TaskId, thread: TaskId, core: number | null): void;
  /** Where the process is below our slice; null: elsewhere. */
  groupOf(pid: number): GroupPath | null;
  /** Which group of ours this path of the hierarchy is, as `Guest.cgroup` has it; null: none. */
  groupAt(path: string | null): GroupPath | null;
  /** The core that `confine` put the thread on; null: none. */
  coreOf(pid: number, tid: number): number | null;
  /** All groups of ours below the slice, parents first; the slice itself is `[]`. Those that rest are what they were. */
  observe(rests?: GroupRests): readonly ObservedGroup[];
  /** Removes what `prepare` made; every process has been put back. */
  dismantle(): void;
  /** Closes the files that it keeps open; what is asked for after that is opened again. */
  close(): void;
}

/** A process or thread that cannot be mistaken for a later one with the same number. */
export interface TaskId {
  readonly id: number;
  /** Field 22 of its stat file. */
  readonly startTime: bigint;
}

/**
 * A component of a {@link GroupPath} as a directory name: prefixed, so that no class name can collide with a file of
 * the kernel's, and percent-encoded outside letters, digits, `_`, `.` and `-`.
 */
export function directoryName(component: string): string {
  return `vmc-${component.replace(/[^A-Za-z0-9_.-]/gu, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )}`;
}

/** Inverse of {@link directoryName}; null for a directory that is not ours. */
export function componentName(directory: string): string | null {
  if (!directory.startsWith('vmc-')) return null;
  try {
    return decodeURIComponent(directory.slice('vmc-'.length));
  } catch {
    return null;
  }
}

/** A path as the plan names it, of directories below the slice; a name that is not ours stands as it is. */
export const pathOf = (directories: readonly string[]): GroupPath =>
  directories.map((name) => componentName(name) ?? name);
