import type { HostFacts } from '../compiler/facts.js';
import type { Guest } from '../qemu/guest.js';
import type { Clock } from '../support/clock.js';
import type { HostTelemetry } from './telemetry.js';

/**
 * Everything the enforcer does to a machine goes through this interface; LinuxHost and SimulatedHost implement it.
 *
 * Contract: `observe` reads back from the kernel what is in force, it never answers from memory. Every action is
 * idempotent (performing one that is already in force does nothing and succeeds), writes what it will change to the
 * journal before it changes it, and never throws for what a host can do wrong: a refusal is an {@link Outcome}.
 */
export interface Host {
  readonly clock: Clock;
  /** Takes the lock, opens the journal, undoes what an earlier daemon left, starts guardian and timing thread. */
  start(): Promise<void>;
  facts(): Promise<HostFacts>;
  observe(): Promise<Observation>;
  act(action: Action): Promise<Outcome>;
  /** What it can tell of itself, from memory. */
  telemetry?(): HostTelemetry;
  /**
   * Calls `notice` when guests may have come that no observation has seen, until what it answers is called. Absent: nobody
   * tells, and the next observation has to find them.
   */
  watch?(notice: () => void): () => void;
  /** Gives everything back, in the reverse of the order in which it was taken; undoes `start`. Twice is safe. */
  stop(): Promise<void>;
}

/** Path of a cgroup below the slice of all guests: `[]` is that slice, `['pair', 'gold', '1234-567']` a guest's leaf. */
export type GroupPath = readonly string[];

export interface Observation {
  readonly atNs: bigint;
  readonly guests: readonly ObservedGuest[];
  /** Groups of ours that exist. */
  readonly groups: readonly ObservedGroup[];
  /** What the timing thread keeps; null: nothing. Absent: the host does not say, and what was last set counts. */
  readonly timetable?: RunningTimetable | null;
  /** Processes that call themselves QEMU and whose program this user may not see, by pid: they are none of `guests`. */
  readonly hiddenGuests?: readonly number[];
}

export interface ObservedGuest {
  readonly guest: Guest;
  /** Where it is below our slice; null: not gathered. */
  readonly group: GroupPath | null;
  /** The cgroup (the unit) that it is in elsewhere holds nothing else; absent: it does, or nobody has looked. */
  readonly alone?: boolean;
  /** Servers in force, by thread id. */
  readonly servers: ReadonlyMap<number, ObservedServer>;
  /** Stopped by us (else `guest.stopped` means that its user stopped it). */
  readonly heldByUs: boolean;
  /** This user may send it no signals, it is another's: it is never stopped. */
  readonly unstoppable?: true;
  /** CPU time of the whole process since it started, and of each thread named in `guest.vcpus` (by index), in ns. */
  readonly cpuNs: bigint;
  readonly vcpuCpuNs: readonly bigint[];
  /** Time for which the timing thread has let it run / held it stopped since we govern it, ns. */
  readonly allowedNs: bigint;
  readonly stoppedNs: bigint;
  /**
   * Time for which its threads were runnable and waiting for a CPU since it started, ns (schedstat's run delay): tells a
   * guest that wanted more from one that was idle. Absent: not measured.
   */
  readonly waitNs?: bigint;
  /** What we have set on it, as read back; absent: nothing. */
  readonly settings?: readonly GuestSetting[];
  /** What is set does not act on it as asked, and why; absent: nothing of that kind. */
  readonly notes?: readonly KnobNote[];
  /** Knobs that find nothing on it to act on (it has no drive, no tap device): no part of a sum is for it. */
  readonly lacks?: readonly Knob[];
  /** What it has used of memory, disk and network, as far as that is known. */
  readonly use?: ResourceUse;
  /** When we asked it to power down, in monotonic time; absent: we have not. */
  readonly powerDownNs?: bigint;
}

/** Softer than a refusal: a setting is in force as far as this guest has the means for it, and this is how far. */
export interface KnobNote {
  readonly knob: Knob;
  /** What is not so and why, in the owner's words. */
  readonly message: string;
  /** What happens instead. */
  readonly fallback: string;
}

/** Amounts at the instant (monotonic) at which they were last read; a monitor is asked every ten seconds at most. */
export interface ResourceUse {
  /** Memory of the host that the guest may touch now: its own size less its balloon. */
  readonly memory?: { readonly atNs: bigint; readonly bytes: number };
  /** Of all its drives since it started. */
  readonly disk?: { readonly atNs: bigint; readonly bytes: number; readonly operations: number };
  /** Of all its tap devices since they were made: to the guest, and from it. */
  readonly network?: { readonly atNs: bigint; readonly inBytes: number; readonly outBytes: number };
}

/**
 * What is set on one guest besides groups, servers and the timetable. At most one of each `knob`; setting one replaces it.
 * Amounts are those of this guest alone: what is asked for a sum has been divided.
 */
export type GuestSetting =
  /** Its threads without a server run on these cores only. */
  | { readonly knob: 'placement'; readonly cores: readonly number[] }
  /** Nice value of its session (autogroup). */
  | { readonly knob: 'nice'; readonly nice: number }
  /** Never above the ceiling, never taken below the floor; null: no such bound. */
  | { readonly knob: 'memory'; readonly ceilingBytes: number | null; readonly floorBytes: number | null }
  /** Reads and writes together; null: unlimited. */
  | { readonly knob: 'disk'; readonly bytesPerSecond: number | null; readonly iops: number | null }
  /** In each direction. */
  | { readonly knob: 'network'; readonly bytesPerSecond: number }
  /**
   * Its virtual CPUs and its main loop run under SCHED_FIFO with this priority: in its times, for only a guest that the timetable
   * in force stops may have it.
   */
  | { readonly knob: 'priority'; readonly priority: number }
  /** Of the cgroup that it is in and stays in, because it is not gathered: the weight in the scale of the host's version. */
  | { readonly knob: 'own-group'; readonly weight: number | null; readonly quota: Quota | null };
export type Knob = GuestSetting['knob'];

export interface ObservedServer {
  readonly budgetNs: bigint;
  readonly periodNs: bigint;
  /** Null: not confined to one core by us. */
  readonly core: number | null;
}

/** Weight of a group that runs only when nothing beside it wants the CPU; no scale of the kernel's has it. */
export const IDLE_WEIGHT = 0;

export interface ObservedGroup {
  readonly path: GroupPath;
  readonly weight: number | null;
  /** Null: unlimited. */
  readonly quota: Quota | null;
}

export interface Quota {
  readonly quotaNs: bigint;
  readonly periodNs: bigint;
}

/** When a guest runs, relative to the epoch of the monotonic clock modulo the hyperperiod. */
export interface DutyEntry {
  readonly guest: string;
  readonly windows: readonly { readonly startNs: bigint; readonly endNs: bigint }[];
  /** How it is stopped; default: by signals. */
  readonly by?: 'signal' | 'freezer';
}

export interface RunningTimetable {
  readonly hyperperiodNs: bigint;
  /** Guests that are not named here run. */
  readonly entries: readonly DutyEntry[];
}

/** `guest` is always a {@link Guest.key}. Paths name groups below our slice. */
export type Action =
  | { readonly kind: 'create-group'; readonly path: GroupPath }
  | { readonly kind: 'remove-group'; readonly path: GroupPath }
  /** In the scale of the host's cgroup version, or {@link IDLE_WEIGHT}. */
  | { readonly kind: 'set-weight'; readonly path: GroupPath; readonly weight: number }
  | { readonly kind: 'set-quota'; readonly path: GroupPath; readonly quota: Quota | null }
  /** Moves all threads of the guest. */
  | { readonly kind: 'gather'; readonly guest: string; readonly path: GroupPath }
  /** Gives the thread a server, or changes its parameters; then confines it to `core`, unless null. */
  | {
      readonly kind: 'reserve';
      readonly guest: string;
      readonly tid: number;
      readonly budgetNs: bigint;
      readonly periodNs: bigint;
      readonly core: number | null;
    }
  /** Takes the server away without leaking its bandwidth: shrink, then NORMAL, then back to its own cpuset. */
  | { readonly kind: 'unreserve'; readonly guest: string; readonly tid: number }
  /** Replaces the timetable; guests that leave it run again. */
  | { readonly kind: 'set-timetable'; readonly timetable: RunningTimetable }
  /** Sets, or changes, one thing on one guest. */
  | { readonly kind: 'set-knob'; readonly guest: string; readonly setting: GuestSetting }
  /** Gives that thing back as it was before we first set it. */
  | { readonly kind: 'unset-knob'; readonly guest: string; readonly knob: Knob }
  /** Asks the guest to power down (ACPI), as its power button does. */
  | { readonly kind: 'power-down'; readonly guest: string }
  /** Ends the guest's process: it was asked to power down and has not in the time that it had. */
  | { readonly kind: 'end-guest'; readonly guest: string }
  /** It need not stop any more: asked again, it has its whole time again. A power button cannot be unpressed. */
  | { readonly kind: 'forget-power-down'; readonly guest: string }
  /** Back to where it was before we found it: scheduling, cgroup, running. */
  | { readonly kind: 'release'; readonly guest: string };

export type Outcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** errno name, or GONE: the guest ended meanwhile. */
      readonly code: 'EBUSY' | 'EPERM' | 'EINVAL' | 'ENOENT' | 'ENOSPC' | 'EIO' | 'GONE' | 'ENOTSUP';
      /** In the owner's words: what was refused, why, what to do. */
      readonly message: string;
      /** Trying again later can succeed (EBUSY within the 0-lag time of bandwidth that was just freed). */
      readonly retry: boolean;
    };
