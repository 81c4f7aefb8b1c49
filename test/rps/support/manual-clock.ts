import type { Schedule } from '../../../src/rps/ticker.js';
import type { Clock } from '../../../src/support/clock.js';

/** Time that moves only when told; timers fire in order as it passes them. */
export class ManualClock implements Clock {
  #nowNs = 5_000_000_000n;
  #timers: { readonly atNs: bigint; readonly run: () => void }[] = [];
  readonly wallStartMs = Date.UTC(2026, 10, 23, 10);
  #wallStepMs = 0;

  monotonicNs(): bigint {
    return this.#nowNs;
  }

  wallMs(): number {
    return this.wallStartMs + this.#wallStepMs + Number(this.#nowNs) / 1e6;
  }

  readonly schedule: Schedule = (delayMs, run) => {
    const timer = { atNs: this.#nowNs + BigInt(Math.round(delayMs * 1e6)), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  get pending(): number {
    return this.#timers.length;
  }

  /** The wall clock is set, by so much. */
  stepWall(ms: number): void {
    this.#wallStepMs += ms;
  }

  /** Moves on without a timer firing, as when the process does not get the CPU. */
  leap(ns: number): void {
    this.#nowNs += BigInt(Math.round(ns));
  }

  /** Moves on, firing each timer at its time (or at once when that is past). */
  advance(ns: number): void {
    const endNs = this.#nowNs + BigInt(Math.round(ns));
    for (;;) {
      const due = this.#timers
        .filter((timer) => timer.atNs <= endNs)
        .sort((a, b) => Number(a.atNs - b.atNs))[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      if (due.atNs > this.#nowNs) this.#nowNs = due.atNs;
      due.run();
    }
    if (endNs > this.#nowNs) this.#nowNs = endNs;
  }
}
