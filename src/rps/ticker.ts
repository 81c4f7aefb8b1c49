import type { Clock } from '../support/clock.js';

/** Calls `run` once after `delayMs`; returns what cancels it. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

export const timerSchedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/**
 * Calls back on a grid of monotonic time: tick k is due `intervalNs · k` after the start, however late the
 * ones before it were. A tick that is missed by a whole interval is left out, not made up for.
 */
export class Ticker {
  readonly #intervalNs: number;
  readonly #tick: () => void;
  readonly #clock: Clock;
  readonly #schedule: Schedule;
  #startNs = 0n;
  #cancel: (() => void) | null = null;

  constructor(intervalNs: number, tick: () => void, clock: Clock, schedule: Schedule = timerSchedule) {
    this.#intervalNs = intervalNs;
    this.#tick = tick;
    this.#clock = clock;
    this.#schedule = schedule;
  }

  /** The first tick is at once. Twice is safe. */
  start(): void {
    if (this.#cancel !== null) return;
    this.#startNs = this.#clock.monotonicNs();
    this.#cancel = () => {};
    this.#run();
  }

  /** No tick comes after it. Twice is safe. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #run(): void {
    this.#tick();
    if (this.#cancel !== null) this.#wait(this.#elapsedNs());
  }

  #wait(elapsedNs: number): void {
    const due = (Math.floor(elapsedNs / this.#intervalNs) + 1) * this.#intervalNs;
    this.#cancel = this.#schedule((due - elapsedNs) / 1e6, () => {
      // Timers may fire up to a millisecond early.
      const nowNs = this.#elapsedNs();
      if (nowNs < due) this.#wait(nowNs);
      else this.#run();
    });
  }

  #elapsedNs(): number {
    return Number(this.#clock.monotonicNs() - this.#startNs);
  }
}
