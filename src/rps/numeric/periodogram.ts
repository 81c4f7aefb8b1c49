/**
 * Periodogram I(ω) = |Σ d[t] exp(−iωt)|² / 2πn of windows of up to `capacity` samples; made once.
 * Source: Brockwell and Davis, Time Series: Theory and Methods, section 10.1, over 2π.
 */
export class Periodogram {
  /** Ordinates at the frequencies 2πj / n, j = 1 …, in place j − 1. */
  readonly ordinates: Float64Array;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  #length = 0;

  constructor(capacity: number) {
    this.ordinates = new Float64Array(Math.floor(capacity / 2));
    this.#cosines = new Float64Array(capacity);
    this.#sines = new Float64Array(capacity);
  }

  /** Fills `ordinates[0 … count)` from the `n` deviations from the mean at the start of `d`. */
  fill(d: Float64Array, n: number, count: number): void {
    this.#tabulate(n);
    for (let j = 1; j <= count; j++) {
      let [cosine, sine, at] = [0, 0, 0];
      for (let t = 0; t < n; t++) {
        cosine += d[t]! * this.#cosines[at]!;
        sine += d[t]! * this.#sines[at]!;
        at += j;
        if (at >= n) at -= n;
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
