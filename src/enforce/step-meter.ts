import type { Telemetry } from './telemetry.js';

/** How long steps take. Instants are of monotonic time. */
export class StepMeter {
  #count = 0;
  #sumNs = 0;
  #maxNs = 0;
  #endNs: bigint | null = null;

  stepped(beginNs: bigint, endNs: bigint): void {
    const tookNs = Number(endNs - beginNs);
    this.#count += 1;
    this.#sumNs += tookNs;
    this.#maxNs = Math.max(this.#maxNs, tookNs);
    this.#endNs = endNs;
  }

  read(nowNs: bigint): Telemetry['steps'] {
    return {
      count: this.#count,
      sumNs: this.#sumNs,
      maxNs: this.#maxNs,
      ageNs: this.#endNs === null ? null : Number(nowNs - this.#endNs),
    };
  }
}
