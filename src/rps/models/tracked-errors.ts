/** Losses are |error|^1.5: between squares, which one burst decides, and sizes, which forgive bursts too much. */
const lossOf = (error: number): number => Math.abs(error) * Math.sqrt(Math.abs(error));

/** How many errors an average looks back at: the mean of all until so many came due, then the older ones fade. */
export interface ErrorMemory {
  /** Of the losses by which forecasters are compared. */
  readonly losses: number;
  /** Of the last forecaster's squares. */
  readonly squares: number;
}

/**
 * Errors of several forecasters at some horizons, of forecasts made before their outcome was known: the mean
 * loss of each, by which they are compared, and of the last also the mean square, at each horizon and of the
 * average over it. Allocates nothing after it was made.
 */
export class TrackedErrors {
  readonly #forecasters: number;
  readonly #horizons: Int32Array;
  /** By horizon. */
  readonly #memories: readonly ErrorMemory[];
  /** Forecasts not yet due: by time (in a ring), forecaster and horizon; NaN where there was none. */
  readonly #expected: Float64Array;
  readonly #expectedAverages: Float64Array;
  /** The last samples, in the same ring: what came after the forecast at that place. */
  readonly #outcomes: Float64Array;
  readonly #length: number;
  readonly #losses: Float64Array;
  readonly #scored: Int32Array;
  readonly #squares: Float64Array;
  readonly #averageSquares: Float64Array;
  readonly #averageScored: Int32Array;
  /** Place in the ring of the newest forecast. */
  #now = 0;

  constructor(forecasters: number, horizons: Int32Array, memoryAt: (horizon: number) => ErrorMemory) {
    const count = horizons.length;
    this.#forecasters = forecasters;
    this.#horizons = horizons;
    this.#memories = Array.from(horizons, memoryAt);
    this.#length = horizons[count - 1]! + 1;
    this.#expected = new Float64Array(this.#length * forecasters * count).fill(Number.NaN);
    this.#expectedAverages = new Float64Array(this.#length * count).fill(Number.NaN);
    this.#outcomes = new Float64Array(this.#length).fill(Number.NaN);
    this.#losses = new Float64Array(forecasters * count);
    this.#scored = new Int32Array(forecasters * count);
    this.#squares = new Float64Array(count);
    this.#averageSquares = new Float64Array(count);
    this.#averageScored = new Int32Array(count);
  }

  clear(): void {
    this.#expected.fill(Number.NaN);
    this.#expectedAverages.fill(Number.NaN);
    this.#outcomes.fill(Number.NaN);
    this.#losses.fill(0);
    this.#scored.fill(0);
    this.#squares.fill(0);
    this.#averageSquares.fill(0);
    this.#averageScored.fill(0);
  }

  /** What a forecaster says now of the next `steps` steps; nothing of the horizons beyond, or (null) of any. */
  expect(forecaster: number, means: Float64Array | null, steps: number): void {
    const count = this.#horizons.length;
    const place = (this.#now * this.#forecasters + forecaster) * count;
    for (let i = 0; i < count; i++) {
      const horizon = this.#horizons[i]!;
      this.#expected[place + i] = means === null || horizon > steps ? Number.NaN : means[horizon - 1]!;
    }
    if (forecaster !== this.#forecasters - 1) return;
    const averages = this.#expectedAverages.fill(Number.NaN, this.#now * count, (this.#now + 1) * count);
    if (means === null) return;
    let [sum, i] = [0, 0];
    for (let h = 1; h <= steps && i < count; h++) {
      sum += means[h - 1]!;
      if (h === this.#horizons[i]) averages[this.#now * count + i++] = sum / h;
    }
  }

  /** The next sample, NaN for a gap: scores what it was the outcome of. */
  push(sample: number): void {
    const count = this.#horizons.length;
    this.#outcomes[this.#now] = sample;
    this.#now = (this.#now + 1) % this.#length;
    for (let i = 0; i < count; i++) {
      const from = this.#back(this.#horizons[i]!);
      this.#scoreSteps(sample, from, i);
      this.#scoreAverage(from, i);
    }
  }

  /** Errors scored of a forecaster at the horizon of that index. */
  scored(forecaster: number, index: number): number {
    return this.#scored[forecaster * this.#horizons.length + index]!;
  }

  meanLoss(forecaster: number, index: number): number {
    return this.#losses[forecaster * this.#horizons.length + index]!;
  }

  /** Of the last forecaster at the horizon of that index. */
  meanSquare(index: number): number {
    return this.#squares[index]!;
  }

  /** Of the last forecaster's average over the horizon of that index. */
  averageMeanSquare(index: number): number {
    return this.#averageSquares[index]!;
  }

  #scoreSteps(sample: number, from: number, index: number): void {
    const count = this.#horizons.length;
    const last = this.#forecasters - 1;
    const memory = this.#memories[index]!;
    for (let f = 0; f <= last; f++) {
      const error = sample - this.#expected[(from * this.#forecasters + f) * count + index]!;
      if (Number.isNaN(error)) continue;
      const at = f * count + index;
      const scored = ++this.#scored[at]!;
      this.#losses[at]! += (lossOf(error) - this.#losses[at]!) / Math.min(scored, memory.losses);
      if (f < last) continue;
      this.#squares[index]! += (error * error - this.#squares[index]!) / Math.min(scored, memory.squares);
    }
  }

  #scoreAverage(from: number, index: number): void {
    const expected = this.#expectedAverages[from * this.#horizons.length + index]!;
    if (Number.isNaN(expected)) return;
    let sum = 0;
    for (let lag = this.#horizons[index]!; lag > 0; lag--) sum += this.#outcomes[this.#back(lag)]!;
    const error = sum / this.#horizons[index]! - expected;
    if (Number.isNaN(error)) return;
    const scored = ++this.#averageScored[index]!;
    const memory = this.#memories[index]!.squares;
    this.#averageSquares[index]! += (error * error - this.#averageSquares[index]!) / Math.min(scored, memory);
  }

  #back(steps: number): number {
    const place = this.#now - steps;
    return place < 0 ? place + this.#length : place;
  }
}
