/**
 * Squared errors of several forecasters at some horizons, of forecasts made before their outcome was known.
 * The mean over all that came due, and once `memory` did, an average in which the older ones fade.
 *
 * The last forecaster is also scored on the average over each horizon. Allocates nothing after it was made.
 */
export class TrackedErrors {
  readonly #forecasters: number;
  readonly #horizons: Int32Array;
  readonly #memory: number;
  /** Forecasts not yet due: by time (in a ring), forecaster and horizon; NaN where there was none. */
  readonly #expected: Float64Array;
  readonly #expectedAverages: Float64Array;
  /** The last samples, in the same ring: what came after the forecast at that place. */
  readonly #outcomes: Float64Array;
  readonly #length: number;
  readonly #squares: Float64Array;
  readonly #scored: Int32Array;
  readonly #averageSquares: Float64Array;
  readonly #averageScored: Int32Array;
  /** Place in the ring of the newest forecast. */
  #now = 0;

  constructor(forecasters: number, horizons: Int32Array, memory: number) {
    const count = horizons.length;
    this.#forecasters = forecasters;
    this.#horizons = horizons;
    this.#memory = memory;
    this.#length = horizons[count - 1]! + 1;
    this.#expected = new Float64Array(this.#length * forecasters * count).fill(Number.NaN);
    this.#expectedAverages = new Float64Array(this.#length * count).fill(Number.NaN);
    this.#outcomes = new Float64Array(this.#length).fill(Number.NaN);
    this.#squares = new Float64Array(forecasters * count);
    this.#scored = new Int32Array(forecasters * count);
    this.#averageSquares = new Float64Array(count);
    this.#averageScored = new Int32Array(count);
  }

  clear(): void {
    this.#expected.fill(Number.NaN);
    this.#expectedAverages.fill(Number.NaN);
    this.#outcomes.fill(Number.NaN);
    this.#squares.fill(0);
    this.#scored.fill(0);
    this.#averageSquares.fill(0);
    this.#averageScored.fill(0);
  }

  /** What a forecaster says now of the steps ahead; null: nothing. */
  expect(forecaster: number, means: Float64Array | null): void {
    const count = this.#horizons.length;
    const place = (this.#now * this.#forecasters + forecaster) * count;
    for (let i = 0; i < count; i++) {
      this.#expected[place + i] = means === null ? Number.NaN : means[this.#horizons[i]! - 1]!;
    }
    if (forecaster !== this.#forecasters - 1) return;
    let [sum, i] = [0, 0];
    for (let h = 1; i < count; h++) {
      sum += means === null ? Number.NaN : means[h - 1]!;
      if (h === this.#horizons[i]) this.#expectedAverages[this.#now * count + i++] = sum / h;
    }
  }

  /** The next sample, NaN for a gap: scores what it was the outcome of. */
  push(sample: number): void {
    const count = this.#horizons.length;
    this.#outcomes[this.#now] = sample;
    this.#now = (this.#now + 1) % this.#length;
    let [outcome, lag] = [0, 0];
    for (let i = 0; i < count; i++) {
      const horizon = this.#horizons[i]!;
      for (; lag < horizon; lag++) outcome += this.#outcomes[this.#back(lag + 1)]!;
      const from = this.#back(horizon);
      for (let f = 0; f < this.#forecasters; f++) {
        const error = sample - this.#expected[(from * this.#forecasters + f) * count + i]!;
        this.#score(this.#squares, this.#scored, f * count + i, error);
      }
      const averageError = outcome / horizon - this.#expectedAverages[from * count + i]!;
      this.#score(this.#averageSquares, this.#averageScored, i, averageError);
    }
  }

  /** Errors scored of a forecaster at the horizon of that index. */
  scored(forecaster: number, index: number): number {
    return this.#scored[forecaster * this.#horizons.length + index]!;
  }

  meanSquare(forecaster: number, index: number): number {
    return this.#squares[forecaster * this.#horizons.length + index]!;
  }

  /** Of the last forecaster's average over the horizon of that index. */
  averageMeanSquare(index: number): number {
    return this.#averageSquares[index]!;
  }

  #back(steps: number): number {
    return (this.#now - steps + this.#length) % this.#length;
  }

  #score(squares: Float64Array, scored: Int32Array, at: number, error: number): void {
    if (Number.isNaN(error)) return;
    scored[at]!++;
    squares[at]! += (error * error - squares[at]!) / Math.min(scored[at]!, this.#memory);
  }
}
