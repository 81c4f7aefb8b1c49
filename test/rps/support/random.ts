/**
 * Numbers that look random and are the same in every run (mulberry32), with normal and autoregressive ones
 * from them.
 */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** `count` samples of mean + Σ coefficients · deviations + noise, after a run-in. */
  autoregression(coefficients: readonly number[], count: number, mean = 0, deviation = 1): Float64Array {
    const path = new Array<number>(coefficients.length).fill(0);
    for (let t = 0; t < 500 + count; t++) {
      const known = coefficients.reduce((sum, c, i) => sum + c * path[path.length - 1 - i]!, 0);
      path.push(known + deviation * this.normal());
    }
    return Float64Array.from(path.slice(-count), (value) => mean + value);
  }
}
