/**
 * Periodogram I(ω) = |Σ d[t] exp(−iωt)|² / 2πn of windows of up to `capacity` samples; made once.
 * Source: Brockwell and Davis, Time Series: Theory and Methods, section 10.1, over 2π.
 */
export class Periodogram {
  /** Ordinates at the frequencies 2πj / n, j = 1 …, in place j − 1. */
  readonly ordinates: Float64Array;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #sums: Float64Array;
  readonly #differences: Float64Array;
  #length = 0;

  constructor(capacity: number) {
    this.ordinates = new Float64Array(Math.floor(capacity / 2));
    this.#cosines = new Float64Array(capacity);
    this.#sines = new Float64Array(capacity);
    this.#sums = new Float64Array(this.ordinates.length + 1);
    this.#differences = new Float64Array(this.ordinates.length + 1);
  }

  /** Fills `ordinates[0 … count)` from the `n` deviations from the mean at the start of `d`. */
  fill(d: Float64Array, n: number, count: number): void {
    this.#tabulate(n);
    const half = (n - 1) >> 1;
    // Both halves of the circle have the same cosines, and sines of other sign.
    for (let t = 1; t <= half; t++) {
      this.#sums[t] = d[t]! + d[n - t]!;
      this.#differences[t] = d[t]! - d[n - t]!;
    }
    for (let j = 1; j <= count; j++) {
      let cosine = d[0]! + (n % 2 === 0 ? (j % 2 === 0 ? d[n / 2]! : -d[n / 2]!) : 0);
      let [sine, at] = [0, 0];
      for (let t = 1; t <= half; t++) {
        at += j;
        if (at >= n) at -= n;
        cosine += this.#sums[t]! * this.#cosines[at]!;
        sine += this.#differences[t]! * this.#sines[at]!;
      }
      this.ordinates[j - 1] = (cosine * cosine + sine * sine) / (2 * Math.PI * n);
    }
  }

  /** The circle in n parts: the same for every window of that length. */
  #tabulate(n: number): void {
    if (this.#length === n) return;
    this.#length = n;
    for (let t = 0; t < n; t++) {
      this.#cosines[t] = Math.cos((2 * Math.PI * t) / n);
      this.#sines[t] = Math.sin((2 * Math.PI * t) / n);
    }
  }
}
