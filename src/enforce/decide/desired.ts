import type { FindingDraft } from '../findings.js';
import type { GroupPath, GuestSetting, Quota, RunningTimetable } from '../host.js';

/** What should be in force on the host, complete: what is observed beyond it is to be given back. */
export interface Desired {
  /** By path, parents first. */
  readonly groups: readonly DesiredGroup[];
  /** By key. A guest that is not named here is none of our business. */
  readonly guests: ReadonlyMap<string, DesiredGuest>;
  /** Null: no guest is on a duty cycle. */
  readonly timetable: RunningTimetable | null;
  readonly findings: readonly FindingDraft[];
}

export interface DesiredGroup {
  readonly path: GroupPath;
  /** In the scale of the host's cgroup version, or 0: it runs only when nothing beside it wants the CPU. */
  readonly weight: number;
  /** Null: unlimited, or limited by a group above at least as much. */
  readonly quota: Quota | null;
}

export interface DesiredGuest {
  readonly key: string;
  /** Null: it stays where it is. */
  readonly group: GroupPath | null;
  readonly servers: readonly DesiredServer[];
  /** What is to be set on it besides; absent: nothing. */
  readonly settings?: readonly GuestSetting[];
  /** It is to power down, and is ended so long after it was asked; absent: it may go on. */
  readonly stopWithinNs?: bigint;
}

export interface DesiredServer {
  readonly tid: number;
  /** 'vcpu 0', …, 'main'. */
  readonly thread: string;
  readonly budgetNs: bigint;
  readonly periodNs: bigint;
  readonly core: number | null;
}

export const NOTHING_DESIRED: Desired = { groups: [], guests: new Map(), timetable: null, findings: [] };
