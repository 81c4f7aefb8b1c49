import { type Clock, systemClock } from '../support/clock.js';
import type { CpuClock } from '../support/cpu-clock.js';
import { HostSensor } from './sensors/host-sensor.js';
import type { SensedGuest } from './sensors/sensed-guest.js';
import { SLOW_SIGNALS, SlowSensor } from './sensors/slow-sensor.js';
import { guestCpuSignal } from './signal-catalogue.js';
import { SignalStore } from './signal-store.js';
import { type Schedule, Ticker, timerSchedule } from './ticker.js';

export interface SensingOptions {
  /** The guests that run now; asked at every sample. Default: none. */
  readonly guests?: () => readonly SensedGuest[];
  /**
   * Classes whose signals (`NAME.cpu`, `NAME.count`, `NAME.running`) exist even while they have no guest.
   * Default: none.
   */
  readonly classes?: () => readonly string[];
  /** Between samples, 50 ms to 10 s. Default 1 s. */
  readonly intervalNs?: number;
  /** Between looks at battery and temperature. Default 10 s. */
  readonly slowIntervalNs?: number;
  /** Saves reading the threads of guests that have not run. Default: they are read at every sample. */
  readonly cpuClock?: CpuClock;
  readonly clock?: Clock;
  readonly schedule?: Schedule;
  /** Where /proc and /sys are found. */
  readonly procRoot?: string;
  readonly sysRoot?: string;
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
  #host: HostSensor | null = null;
  #slow: SlowSensor | null = null;

  /** Throws a RangeError unless 50 ms ≤ intervalNs ≤ 10 s. */
  constructor(options: SensingOptions = {}) {
    const {
      clock = systemClock,
      schedule = timerSchedule,
      intervalNs = 1e9,
      slowIntervalNs = 10e9,
    } = options;
    if (!(intervalNs >= 50e6 && intervalNs <= 10e9)) {
      throw new RangeError(`signals are sampled every 50 ms to 10 s, not every ${intervalNs} ns`);
    }
    this.#options = options;
    this.#clock = clock;
    this.intervalNs = intervalNs;
    this.signals = new SignalStore({ clock, stepNs: intervalNs });
    for (const signal of SLOW_SIGNALS) this.signals.declare(signal, slowIntervalNs);
    this.#ticker = new Ticker(intervalNs, () => this.sample(), clock, schedule);
    this.#slowTicker = new Ticker(slowIntervalNs, () => void this.#sampleSlow(), clock, schedule);
  }

  start(): void {
    this.#host ??= new HostSensor(this.#options.procRoot, this.#options.cpuClock);
    this.#slow ??= new SlowSensor(this.#options.sysRoot);
    this.#ticker.start();
    this.#slowTicker.start();
  }

  stop(): void {
    this.#ticker.stop();
    this.#slowTicker.stop();
    this.#host?.close();
    this.#host = null;
    this.#slow = null;
  }

  /** Calls `listener` after each sample; returns what ends that. */
  onSample(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes one sample now. `start` does so at every interval; to be called by hand only where time is
   * simulated.
   */
  sample(): void {
    const host = this.#host;
    if (host === null) return;
    const atNs = this.#clock.monotonicNs();
    const guests = this.#options.guests?.() ?? [];
    const report = (signal: string, value: number): void => this.signals.record(signal, value, atNs);
    host.sample(atNs, guests, report);
    this.#reportClasses(guests, report);
    this.#forgetGuests(guests, atNs);
    for (const listener of this.#listeners) listener();
  }

  #reportClasses(guests: readonly SensedGuest[], report: (signal: string, value: number) => void): void {
    const counts = new Map<string, number>((this.#options.classes?.() ?? []).map((name) => [name, 0]));
    for (const guest of guests) {
      if (guest.class != null) counts.set(guest.class, (counts.get(guest.class) ?? 0) + 1);
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
      this.signals.forget(guestCpuSignal(key));
    }
  }

  async #sampleSlow(): Promise<void> {
    const slow = this.#slow;
    await slow?.sample((signal, value) => {
      if (this.#slow === slow) this.signals.record(signal, value);
    });
  }
}
