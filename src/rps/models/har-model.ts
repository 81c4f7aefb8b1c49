import { interpolate } from '../numeric/horizons.js';
import { solveRidge } from '../numeric/ridge.js';
import { DirectModel } from './direct-model.js';
import type { RefittedOptions } from './refitted-model.js';

/** Widths of the trailing means, in samples. */
const WIDTHS = [1, 5, 10, 30, 60];
const SIZE = WIDTHS.length;
const WIDEST = 60;
const LAMBDA = 0.01;

/**
 * HAR, heterogeneous autoregression: each horizon has a regression of its own on the means of the newest 1, 5,
 * 10, 30 and 60 samples, all about the window's mean, with a ridge of 1% of each regressor's variance. Load
 * remembers its level at several scales of time, which few parameters say better than many lags.
 *
 * Source: Corsi, A simple approximate long-memory model of realized volatility, Journal of Financial
 * Econometrics 7 (2009); direct forecasts: Marcellino, Stock, Watson, Journal of Econometrics 135 (2006).
 */
export class HarModel extends DirectModel {
  readonly name = 'HAR';
  #mean = 0;
  /** The trailing means at each place of the window, row by row. */
  readonly #rows: Float64Array;
  readonly #coefficients: Float64Array;
  readonly #gram = new Float64Array(SIZE * SIZE);
  readonly #factor = new Float64Array(SIZE * SIZE);
  readonly #moments = new Float64Array(SIZE);
  readonly #solution = new Float64Array(SIZE);
  readonly #row = new Float64Array(SIZE);
  readonly #nodes: Float64Array;

  constructor(options: RefittedOptions = {}) {
    super(2 * WIDEST, options);
    this.#rows = new Float64Array(this.window * SIZE);
    this.#coefficients = new Float64Array(this.horizons.length * SIZE);
    this.#nodes = new Float64Array(this.horizons.length);
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    const n = end - start;
    let sum = 0;
    for (let t = start; t < end; t++) sum += x[t]!;
    this.#mean = sum / n;
    this.#averageAll(x, start, n);
    this.measured = this.measurable(n - WIDEST);
    this.#gram.fill(0);
    // From the longest horizon down: a shorter one has the same rows and some more at the end.
    let first = WIDEST;
    for (let i = this.measured - 1; i >= 0; i--) {
      const past = n - this.horizons[i]! + 1;
      this.#addRows(first, past);
      first = past;
      this.#regress(i, x, start, past);
    }
  }

  protected project(steps: number, means: Float64Array, x: Float64Array, end: number): void {
    this.#averageNewest(x, end, this.#row);
    for (let i = 0; i < this.measured; i++) {
      let sum = this.#mean;
      for (let k = 0; k < SIZE; k++) sum += this.#coefficients[i * SIZE + k]! * this.#row[k]!;
      this.#nodes[i] = sum;
    }
    interpolate(this.horizons, this.measured, this.#nodes, 0, steps, means);
  }

  #averageNewest(x: Float64Array, end: number, row: Float64Array): void {
    let [sum, k] = [0, 0];
    for (let lag = 1; lag <= WIDEST; lag++) {
      sum += x[end - lag]! - this.#mean;
      if (lag === WIDTHS[k]) row[k++] = sum / lag;
    }
  }

  /** The rows at places WIDEST … n: trailing means of the samples before each. */
  #averageAll(x: Float64Array, start: number, n: number): void {
    for (let k = 0; k < SIZE; k++) {
      const width = WIDTHS[k]!;
      let sum = 0;
      for (let t = 0; t < n; t++) {
        if (t >= WIDEST) this.#rows[t * SIZE + k] = sum / width;
        sum += x[start + t]! - this.#mean;
        if (t >= width) sum -= x[start + t - width]! - this.#mean;
      }
    }
  }

  #addRows(from: number, to: number): void {
    const rows = this.#rows;
    for (let t = from; t < to; t++) {
      for (let i = 0; i < SIZE; i++) {
        for (let j = 0; j < SIZE; j++) this.#gram[i * SIZE + j]! += rows[t * SIZE + i]! * rows[t * SIZE + j]!;
      }
    }
  }

  /** Coefficients and error variance at horizon `index`, from the rows at places WIDEST … `past` − 1. */
  #regress(index: number, x: Float64Array, start: number, past: number): void {
    const moments = this.#moments.fill(0);
    const ahead = start + this.horizons[index]! - 1;
    let total = 0;
    for (let t = WIDEST; t < past; t++) {
      const target = x[ahead + t]! - this.#mean;
      total += target * target;
      for (let k = 0; k < SIZE; k++) moments[k]! += target * this.#rows[t * SIZE + k]!;
    }
    const b = this.#solution;
    solveRidge(this.#gram, moments, SIZE, LAMBDA, this.#factor, b);
    let squares = total;
    for (let i = 0; i < SIZE; i++) {
      squares -= 2 * b[i]! * moments[i]!;
      for (let j = 0; j < SIZE; j++) squares += b[i]! * b[j]! * this.#gram[i * SIZE + j]!;
      this.#coefficients[index * SIZE + i] = b[i]!;
    }
    this.variances[index] = Math.max(0, squares) / (past - WIDEST - SIZE);
  }
}
