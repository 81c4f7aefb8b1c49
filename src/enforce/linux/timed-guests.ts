import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { larger, smaller } from '../../compiler/exact.js';
import { ProcFile } from '../../support/proc-file.js';
import { type Brake, freezerBrake, signalBrake } from './brake.js';
import { pidfdOpen } from './syscalls.js';
import { hasPending, readTaskStat } from './task-stat.js';
import { nextBoundaryNs, runsAt } from './timetable-clock.js';
import {
  COUNTER,
  COUNTERS_PER_SLOT,
  type FromTimingThread,
  type TimedGuest,
  type ToTimingThread,
} from './timing-protocol.js';

/** How often the state of a guest is checked that is held for so long already: its user may have continued it. */
const CHECK_NS = 100_000_000n;
/** Later than any clock shows. */
const NEVER_NS = 1n << 62n;

interface Entry {
  timed: TimedGuest;
  readonly pidfd: number;
  /** Stays open: read again at every stop. */
  readonly stat: ProcFile;
  brake: Brake;
  held: boolean;
  userStopped: boolean;
}

export type Timetable = Omit<Extract<ToTimingThread, { kind: 'timetable' }>, 'kind' | 'version'>;

const brakeOf = ({ pid, freezer, vcpus }: TimedGuest, pidfd: number): Brake =>
  freezer === null ? signalBrake({ pid, pidfd, vcpus }) : freezerBrake(pid, freezer);

/**
 * The guests under a timetable, stopped and let run as it says at the instants at which {@link apply} is called. `counters` are
 * those of timing-protocol.ts, times are ns of the monotonic clock.
 */
export class TimedGuests {
  readonly #entries = new Map<string, Entry>();
  #hyperperiodNs = 1_000_000_000n;
  #nextCheckNs = 0n;

  constructor(
    private readonly counters: BigInt64Array,
    private readonly tell: (message: FromTimingThread) => void,
  ) {}

  /** Whether any of them is to run and to be stopped in turn. */
  get anyInTurns(): boolean {
    for (const { timed } of this.#entries.values()) if (timed.windows.length > 0) return true;
    return false;
  }

  /** Puts another timetable in force. A guest that is not in it runs when this returns. */
  replace({ guests, hyperperiodNs }: Timetable, nowNs: bigint): void {
    const wanted = new Map(guests.map((timed) => [timed.guest, timed]));
    for (const [guest, entry] of this.#entries) {
      const timed = wanted.get(guest);
      if (timed && timed.freezer === entry.timed.freezer) {
        entry.timed = timed;
        entry.brake = brakeOf(timed, entry.pidfd);
      } else this.#drop(guest, entry, nowNs);
    }
    this.#hyperperiodNs = hyperperiodNs;
    for (const timed of guests) if (!this.#entries.has(timed.guest)) this.#adopt(timed, nowNs);
  }

  /** Stops first, then continues, so that the sum of running guests exceeds no ceiling for longer than a signal takes. */
  apply(nowNs: bigint): void {
    const phaseNs = nowNs % this.#hyperperiodNs;
    for (const entry of this.#entries.values()) {
      if (!entry.held && !entry.userStopped && !runsAt(entry.timed.windows, phaseNs))
        this.#hold(entry, nowNs);
    }
    for (const entry of this.#entries.values()) {
      if (entry.held && runsAt(entry.timed.windows, phaseNs)) this.#letRun(entry, nowNs);
    }
    if (nowNs >= this.#nextCheckNs) this.#checkStates(nowNs);
  }

  /** When {@link apply} is to be called next; null: no guest needs it. */
  nextNs(nowNs: bigint): bigint | null {
    let next = NEVER_NS;
    for (const entry of this.#entries.values()) {
      const ahead = nextBoundaryNs(entry.timed.windows, nowNs % this.#hyperperiodNs, this.#hyperperiodNs);
      next = smaller(next, smaller(nowNs + ahead, larger(this.#nextCheckNs, this.#checkedFromNs(entry))));
    }
    return next === NEVER_NS ? null : next;
  }

  /** The daemon has put this guest on record again: it may be stopped. */
  govern(guest: string): void {
    const entry = this.#entries.get(guest);
    if (entry) entry.userStopped = false;
  }

  /** All run, and none is held again before {@link govern}. */
  surrender(nowNs: bigint): void {
    for (const entry of this.#entries.values()) {
      if (entry.held) this.#letRun(entry, nowNs);
      entry.userStopped = true;
      this.tell({ kind: 'user-stopped', guest: entry.timed.guest });
    }
  }

  /** All run, and none is under a timetable any more. */
  end(nowNs: bigint): void {
    for (const [guest, entry] of [...this.#entries]) this.#drop(guest, entry, nowNs);
  }

  #counterOf(entry: Entry, counter: keyof typeof COUNTER): number {
    return entry.timed.slot * COUNTERS_PER_SLOT + COUNTER[counter];
  }

  /** Adds the time since the last change to whichever counter it belongs to. */
  #account(entry: Entry, nowNs: bigint): void {
    const since = this.#counterOf(entry, 'sinceNs');
    const elapsed = nowNs - Atomics.load(this.counters, since);
    Atomics.add(this.counters, this.#counterOf(entry, entry.held ? 'stoppedNs' : 'allowedNs'), elapsed);
    Atomics.store(this.counters, since, nowNs);
  }

  /** Notes a refusal; that the guest has ended the next inventory will say. */
  #check(entry: Entry, result: number): void {
    const { ESRCH, ENODEV } = constants.errno;
    if (result >= 0 || result === -ESRCH || result === -ENODEV) return;
    this.tell({ kind: 'failed', guest: entry.timed.guest, errno: result });
  }

  #hold(entry: Entry, nowNs: bigint): void {
    // A guest that is stopped already was stopped by its user: we do not take it over, and will not wake it.
    if (isStopped(entry)) {
      entry.userStopped = true;
      this.tell({ kind: 'user-stopped', guest: entry.timed.guest });
      return;
    }
    this.#account(entry, nowNs);
    entry.held = true;
    Atomics.store(this.counters, this.#counterOf(entry, 'held'), 1n);
    this.#check(entry, entry.brake.stop());
  }

  #letRun(entry: Entry, nowNs: bigint): void {
    this.#account(entry, nowNs);
    entry.held = false;
    Atomics.store(this.counters, this.#counterOf(entry, 'held'), 0n);
    this.#check(entry, entry.brake.letGo());
  }

  /** Stops again what its user continued while we held it; notices what its user continued after stopping it himself. */
  #checkStates(nowNs: bigint): void {
    for (const [guest, entry] of this.#entries) {
      if (this.#checkedFromNs(entry) > nowNs) continue;
      if (entry.held && entry.brake.isInTheWay()) this.#drop(guest, entry, nowNs);
      else if (entry.held && !entry.brake.isOn()) this.#check(entry, entry.brake.stop());
      else if (entry.userStopped && readTaskStat(entry.timed.pid)?.state !== 'T') {
        this.tell({ kind: 'user-continued', guest });
      }
    }
    this.#nextCheckNs = nowNs + CHECK_NS;
  }

  /** When the state of a guest is to be looked at from; one that we let run, or have held only now, is left alone. */
  #checkedFromNs(entry: Entry): bigint {
    if (entry.held) return Atomics.load(this.counters, this.#counterOf(entry, 'sinceNs')) + CHECK_NS;
    return entry.userStopped ? 0n : NEVER_NS;
  }

  #drop(guest: string, entry: Entry, nowNs: bigint): void {
    if (entry.held) this.#letRun(entry, nowNs);
    else this.#account(entry, nowNs);
    closeSync(entry.pidfd);
    entry.stat.close();
    this.#entries.delete(guest);
  }

  /** Nothing for one that has ended; the next inventory will say so. */
  #adopt(timed: TimedGuest, nowNs: bigint): void {
    const pidfd = pidfdOpen(timed.pid);
    if (pidfd < 0) return;
    const stat = readTaskStat(timed.pid)?.startTime === timed.startTime ? openStat(timed.pid) : null;
    if (!stat) {
      closeSync(pidfd);
      return;
    }
    const entry: Entry = {
      timed,
      pidfd,
      stat,
      brake: brakeOf(timed, pidfd),
      held: false,
      userStopped: false,
    };
    Atomics.store(this.counters, this.#counterOf(entry, 'sinceNs'), nowNs);
    this.#entries.set(timed.guest, entry);
  }
}

const openStat = (pid: number): ProcFile | null => ProcFile.open(`/proc/${pid}/stat`);

/** By the state of its first thread, which takes the process's signals: one that sleeps has taken all. */
function isStopped({ stat, timed }: Entry): boolean {
  if (!stat.read()) return false; // it has ended
  stat.afterName();
  const state = stat.letter();
  return state === 'T' || (state !== 'S' && hasPending(timed.pid, constants.signals.SIGSTOP));
}
