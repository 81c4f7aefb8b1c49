import { type Clock, systemClock } from '../support/clock.js';
import type { CpuClock } from '../support/cpu-clock.js';
import type { HistoryBlock } from './history/history-block.js';
import { FastSensors, type Roots } from './sensors/fast-sensors.js';
import type { TapsOf } from './sensors/guest-resources.js';
import type { Report } from './sensors/report.js';
import type { SensedGuest } from './sensors/sensed-guest.js';
import { SlowSensors } from './sensors/slow-sensors.js';
import {
  fixedStepNs,
  guestOfSignal,
  guestSignal,
  SLOW_GUEST_SIGNALS,
  SLOW_STEP_NS,
} from './signal-catalogue.js';
import { SignalStore } from './signal-store.js';
import { type Schedule, Ticker, timerSchedule } from './ticker.js';

export interface SensingOptions extends Roots {
  /** The guests that run now; asked at every sample. Default: none. */
  readonly guests?: () => readonly SensedGuest[];
  /**
   * Classes and unions whose signals (`NAME.cpu`, `NAME.memory`, `NAME.count`, `NAME.running`) exist even while they have no
   * guest. Default: none.
   */
  readonly classes?: () => readonly string[];
  /** Between samples, 50 ms to 10 s. Default 1 s. */
  readonly intervalNs?: number;
  /** Which tap devices a guest has. Default: none, and its network is not sensed. */
  readonly tapsOf?: TapsOf;
  /** Saves reading the threads of guests that have not run. Default: they are read at every sample. */
  readonly cpuClock?: CpuClock;
  readonly clock?: Clock;
  readonly schedule?: Schedule;
}

/** How long the signals of a guest that has gone are kept. */
const FORGET_GUEST_AFTER_NS = 300e9;

/**
 * Samples this host's signals into {@link signals}. The constructor does nothing to the host; `start` opens
 * the files it reads and begins, `stop` ends and closes them; either may be called twice, and `start` after
 * `stop`.
 */
export class Sensing {
  readonly signals: SignalStore;
  readonly intervalNs: number;
  readonly #options: SensingOptions;
  readonly #clock: Clock;
  readonly #ticker: Ticker;
  readonly #slowTicker: Ticker;
  readonly #listeners = new Set<() => void>();
  readonly #guestsSeen = new Map<string, bigint>();
  #fast: FastSensors | null = null;
  #slow: SlowSensors | null = null;

  /** Throws a RangeError unless 50 ms ≤ intervalNs ≤ 10 s. */
  constructor(options: SensingOptions = {}) {
    const { clock = systemClock, schedule = timerSchedule, intervalNs = 1e9 } = options;
    if (!(intervalNs >= 50e6 && intervalNs <= 10e9)) {
      throw new RangeError(`signals are sampled every 50 ms to 10 s, not every ${intervalNs} ns`);
    }
    this.#options = options;
    this.#clock = clock;
    this.intervalNs = intervalNs;
    this.signals = new SignalStore({ clock, stepNs: intervalNs });
    this.#ticker = new Ticker(intervalNs, () => this.sample(), clock, schedule);
    this.#slowTicker = new Ticker(SLOW_STEP_NS, () => this.#sampleSlow(), clock, schedule);
  }

  start(): void {
    const { procRoot, sysRoot, tapsOf, cpuClock } = this.#options;
    this.#fast ??= new FastSensors(this.#options, cpuClock);
    this.#slow ??= new SlowSensors(procRoot, sysRoot, tapsOf);
    this.#ticker.start();
    this.#slowTicker.start();
  }

  stop(): void {
    this.#ticker.stop();
    this.#slowTicker.stop();
    this.#fast?.close();
    this.#slow?.close();
    this.#fast = null;
    this.#slow = null;
  }

  /** Calls `listener` after each sample; returns what ends that. */
  onSample(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes back samples that were recorded before, so that forecasts need not begin anew; to be called before `start`. What is
   * sampled at another rate now is left out. The time between them and now is a gap.
   */
  restore(blocks: readonly HistoryBlock[]): void {
    const [nowNs, nowMs] = [this.#clock.monotonicNs(), this.#clock.wallMs()];
    for (const { signal, fromMs, stepMs, values } of blocks) {
      if ((fixedStepNs(signal) ?? this.intervalNs) !== stepMs * 1e6) continue;
      const key = guestOfSignal(signal);
      if (key !== null) this.#guestsSeen.set(key, nowNs);
      for (const [place, value] of values.entries()) {
        const atNs = nowNs - BigInt(Math.round((nowMs - fromMs - place * stepMs) * 1e6));
        // A clock that was set back has samples lie ahead: of those nothing is known now.
        if (!Number.isNaN(value) && atNs < nowNs) this.signals.record(signal, value, atNs);
      }
    }
  }

  /**
   * Takes one sample now. `start` does so at every interval; to be called by hand only where time is
   * simulated.
   */
  sample(): void {
    const fast = this.#fast;
    if (fast === null) return;
    const atNs = this.#clock.monotonicNs();
    const guests = this.#options.guests?.() ?? [];
    const report: Report = (signal, value) => this.signals.record(signal, value, atNs);
    fast.sample(atNs, this.#clock.wallMs(), guests, report);
    this.#reportClasses(guests, report);
    this.#forgetGuests(guests, atNs);
    for (const listener of this.#listeners) listener();
  }

  #reportClasses(guests: readonly SensedGuest[], report: Report): void {
    const counts = new Map<string, number>((this.#options.classes?.() ?? []).map((name) => [name, 0]));
    for (const { classes = [] } of guests) {
      for (const name of classes) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of counts) {
      report(`${name}.count`, count);
      report(`${name}.running`, count > 0 ? 1 : 0);
      if (count === 0) report(`${name}.cpu`, 0);
    }
  }

  #forgetGuests(guests: readonly SensedGuest[], atNs: bigint): void {
    for (const guest of guests) this.#guestsSeen.set(guest.key, atNs);
    for (const [key, seenNs] of this.#guestsSeen) {
      if (Number(atNs - seenNs) < FORGET_GUEST_AFTER_NS) continue;
      this.#guestsSeen.delete(key);
      for (const what of ['cpu', ...SLOW_GUEST_SIGNALS] as const) this.signals.forget(guestSignal(key, what));
    }
  }

  #sampleSlow(): void {
    this.#fast?.refresh();
    const atNs = this.#clock.monotonicNs();
    const guests = this.#options.guests?.() ?? [];
    const report: Report = (signal, value) => this.signals.record(signal, value, atNs);
    this.#slow?.sample(atNs, guests, report);
    const occupied = new Set(guests.flatMap(({ classes = [] }) => classes));
    for (const name of this.#options.classes?.() ?? []) if (!occupied.has(name)) report(`${name}.memory`, 0);
  }
}
