import { type Clock, systemClock } from '../../support/clock.js';
import { QmpError } from './qmp-error.js';

const WINDOW_NS = 1_000_000_000n;

/** Ends a connection whose other side floods it: reading it would take the time of everything else. */
export class RateGuard {
  readonly #bytesPerSecond: number;
  readonly #clock: Clock;
  #windowStartNs: bigint;
  #bytes = 0;

  constructor(bytesPerSecond: number, clock: Clock = systemClock) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
    this.#windowStartNs = clock.monotonicNs();
  }

  /** Throws a {@link QmpError} (`protocol`) when these bytes exceed what may come within a second. */
  count(bytes: number): void {
    const nowNs = this.#clock.monotonicNs();
    if (nowNs - this.#windowStartNs >= WINDOW_NS) {
      this.#windowStartNs = nowNs;
      this.#bytes = 0;
    }
    this.#bytes += bytes;
    if (this.#bytes > this.#bytesPerSecond) {
      throw new QmpError(
        'protocol',
        `the monitor sent more than ${this.#bytesPerSecond} bytes within a second`,
      );
    }
  }
}
