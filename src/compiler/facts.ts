/**
 * Host facts: the model of a machine that verdicts are made against (`vmc facts`, `--host FACTS.json`).
 * Source: analysis of mechanisms and fidelity; see docs/decisions for what each was measured to mean.
 */
export interface HostFacts {
  /** One entry for each logical processor that guests may use, or a count when compiling for another machine. */
  readonly cores: readonly CoreFacts[] | number;
  readonly memoryBytes: number;
  /** IANA name. */
  readonly timezone: string;
  /** Length of a scheduler tick: budgets of SCHED_DEADLINE are enforced at ticks unless `hrtickDeadline`. */
  readonly tickNs: number;
  readonly hrtickDeadline: boolean;
  /** Utilisation that the kernel admits per core, as probed; 0 where SCHED_DEADLINE may not be used. */
  readonly deadlineLimit: number;
  /** What the two context switches of a server cost in each of its periods, as measured by `vmc calibrate`; absent: 20 us. */
  readonly contextSwitchesNs?: number;
  /**
   * Largest priority under SCHED_FIFO that guests' threads may be given (RLIMIT_RTPRIO; 99 with CAP_SYS_NICE); absent or 0: none.
   * With it a timetable can stand in for reservations.
   */
  readonly realtimePriority?: number;
  /**
   * Nice values that may be given to a guest's session through /proc/PID/autogroup; absent: none. They stand in for cgroup
   * weights: approximately, for guests that share no session with anything else.
   */
  readonly nice?: NiceRange;
  readonly cgroup: CgroupFacts;
  /** What this host and user can do. */
  readonly mechanisms: readonly HostMechanism[];
  /** Signals that this host can sense (`owner.demand`, `user.idle`, …); absent ones are unknown at run time. */
  readonly sensors: readonly string[];
}

export interface CoreFacts {
  readonly id: number;
  /** The first logical processor of the same physical core; equal to `id` without SMT. */
  readonly sibling: number;
  /** Relative speed, 1024 for the fastest core. */
  readonly capacity: number;
}

export interface CgroupFacts {
  /** Version of the hierarchy that holds the cpu controller; 0: none that may be written. */
  readonly version: 0 | 1 | 2;
  /** Threads can be confined to single cores by cpusets. */
  readonly cpuset: boolean;
  readonly freezer: boolean;
  /** Guests can be moved under one cgroup of ours, so that weights between them and against the owner mean something. */
  readonly gather: boolean;
  /** The owner's work competes at the top as single threads (root cgroup) or as slices of a manager such as systemd. */
  readonly ownerAs: 'threads' | 'slices';
}

export interface NiceRange {
  /** −20 to 19; below 0 needs CAP_SYS_NICE. */
  readonly least: number;
  readonly most: number;
}

export type HostMechanism = 'reservation' | 'share' | 'quota' | 'duty' | 'freezer' | 'placement';

/** How many cores there are, whichever way the facts give them. */
export const coreCountOf = ({ cores }: Pick<HostFacts, 'cores'>): number =>
  typeof cores === 'number' ? cores : cores.length;

/** The cores as a list whichever way the facts give them. */
export function coreList(facts: HostFacts): readonly CoreFacts[] {
  if (typeof facts.cores !== 'number') return facts.cores;
  return Array.from({ length: facts.cores }, (_, id) => ({ id, sibling: id, capacity: 1024 }));
}
