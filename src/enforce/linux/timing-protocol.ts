/*
 * What the daemon's main thread and its timing thread say to each other. Messages carry the timetable; the counters
 * are shared memory, so that reading them never waits for the timing thread.
 */

/** One guest on a duty cycle. `slot` is its place in the shared counters. */
export interface TimedGuest {
  readonly guest: string;
  readonly pid: number;
  readonly startTime: bigint;
  /** Threads that are its virtual CPUs; none where they are not known. */
  readonly vcpus: readonly number[];
  readonly slot: number;
  /** The file of the cgroup that freezes it; null: it is stopped by signals. */
  readonly freezer: string | null;
  /** In [0, hyperperiod), ascending, not overlapping; none: it never runs. */
  readonly windows: readonly { readonly startNs: bigint; readonly endNs: bigint }[];
}

/**
 * What the thread holds while it has no timetable, so that its heartbeats are punctual beside any reservations: host facts
 * have it taken off. An overrun of a tick of 4 ms is made good within 400 ms, so that the guardian stays patient.
 */
export const HEARTBEAT_BANDWIDTH = { budgetNs: 100_000n, periodNs: 10_000_000n } as const;

/** The class that the thread got for itself. */
export type TimingScheduling = 'deadline' | 'fifo' | 'normal';

export type ToTimingThread =
  | {
      readonly kind: 'timetable';
      readonly version: number;
      readonly hyperperiodNs: bigint;
      readonly guests: readonly TimedGuest[];
    }
  /** The main thread has journalled this guest again: it may be stopped. */
  | { readonly kind: 'govern'; readonly guest: string }
  /** Heartbeats go into this descriptor from now on; null: nowhere. */
  | { readonly kind: 'guardian'; readonly version: number; readonly descriptor: number | null }
  | { readonly kind: 'end' };

export type FromTimingThread =
  | { readonly kind: 'ready'; readonly scheduling: TimingScheduling }
  /** A timetable or a guardian is in force: every guest that is not in the former runs again. */
  | { readonly kind: 'applied'; readonly version: number }
  /** Its user stopped it: not ours to wake. */
  | { readonly kind: 'user-stopped'; readonly guest: string }
  /** Its user let it go on: to be governed again. */
  | { readonly kind: 'user-continued'; readonly guest: string }
  | { readonly kind: 'failed'; readonly guest: string; readonly errno: number }
  | { readonly kind: 'ended' };

/** Counters of one slot, 64-bit each. */
export const COUNTER = {
  /** Time for which it was let run, up to `sinceNs`. */
  allowedNs: 0,
  /** Time for which it was held, up to `sinceNs`. */
  stoppedNs: 1,
  /** 1 while we hold it. */
  held: 2,
  /** Monotonic time of the last change; 0: slot not in use. */
  sinceNs: 3,
} as const;
export const COUNTERS_PER_SLOT = 4;
/** Guests on duty cycles at once. */
export const SLOTS = 4096;

/** Behind the slots: lateness of wake-ups, as count, sum and maximum in ns since start. */
export const LATENESS = { count: 0, sumNs: 1, maxNs: 2 } as const;
export const LATENESS_OFFSET = SLOTS * COUNTERS_PER_SLOT;
/** Behind those, how many wake-ups were how late: in steps of 10 us up to a millisecond; the last has all that were later. */
export const LATENESS_STEP_NS = 10_000n;
export const LATENESS_STEPS = 101;
export const LATENESS_STEPS_OFFSET = LATENESS_OFFSET + 3;
/** Monotonic time at which the main thread was last seen to go on. */
export const MAIN_TICK = LATENESS_STEPS_OFFSET + LATENESS_STEPS;
/** Its lower 32 bits change with every message to the timing thread, which waits for that. */
export const DOORBELL = MAIN_TICK + 1;
export const SHARED_WORDS = DOORBELL + 1;

/** The part of the doorbell that the kernel looks at. Both architectures that there are system calls for have the low bits first. */
export const doorbellOf = (shared: SharedArrayBuffer): Buffer => Buffer.from(shared, DOORBELL * 8, 4);
