import { BurgWork, burg, coefficientsOf, orderOfLeastAicc } from '../numeric/burg.js';
import { answerToShock, continueRecursion, SHORTEST_RECURSION } from '../numeric/linear-recursion.js';
import { LinearModel } from './linear-model.js';
import { DEFAULT_MAX_STEPS, MAX_TRAILING_GAP } from './model.js';
import type { RefittedOptions } from './refitted-model.js';

const HIGHEST_ORDER = 128;

export interface BurgOptions extends RefittedOptions {
  /** Default: that of the least corrected AIC, up to 128 and a quarter of the window. */
  readonly order?: number;
  /** The autoregression is of the differences of neighbouring samples. Default false. */
  readonly differences?: boolean;
}

/**
 * AR by Burg's method about the window's mean, or ARI: the same of first differences, without drift (a drift
 * that was estimated from one window is carried on over the whole horizon, and load has none for long).
 *
 * Source: Burg 1975, as R 4.2 `ar.burg`; order by AICc: Hurvich and Tsai 1989. ARI(p, 1): Box, Jenkins,
 * Reinsel, Time Series Analysis, chapter 4.
 */
export class BurgModel extends LinearModel {
  readonly name: string;
  readonly #fixedOrder: number | undefined;
  readonly #differences: boolean;
  readonly #work: BurgWork;
  readonly #coefficients: Float64Array;
  /** φₚ … φ₁ as {@link continueRecursion} takes them, of the length of the present order. */
  #reversed: Float64Array;
  readonly #byLength: readonly Float64Array[];
  readonly #path: Float64Array;
  #mean = 0;
  #order = 0;

  constructor(options: BurgOptions = {}) {
    const { order, window = 600, maxSteps = DEFAULT_MAX_STEPS, differences = false } = options;
    super(order === undefined ? 20 : 4 * (order + 1) + (differences ? 1 : 0), options);
    if (order !== undefined && (!Number.isInteger(order) || order < 1)) {
      throw new RangeError(`an autoregression has an order of at least 1, not ${order}`);
    }
    const kind = differences ? 'ARI' : 'BURG';
    this.name = order === undefined ? (differences ? 'ARI' : 'AR') : `${kind}(${order})`;
    this.#fixedOrder = order;
    this.#differences = differences;
    const highest = order ?? Math.min(HIGHEST_ORDER, Math.floor(window / 4));
    this.#work = new BurgWork(highest, window);
    this.#coefficients = new Float64Array(highest);
    const longest = new Float64Array(Math.max(SHORTEST_RECURSION, highest));
    // Views made here, so that a fit of another order makes none.
    this.#byLength = Array.from({ length: longest.length + 1 }, (_, p) =>
      longest.subarray(0, Math.max(SHORTEST_RECURSION, p)),
    );
    this.#reversed = longest;
    this.#path = new Float64Array(longest.length + maxSteps + MAX_TRAILING_GAP);
  }

  /** Order of the present fit. */
  get order(): number {
    return this.#order;
  }

  /** φ₁ … φₚ of the present fit, 0 beyond its order; overwritten by the next one. */
  get coefficients(): Float64Array {
    return this.#coefficients;
  }

  /** Innovation variance of the present fit, not scaled for degrees of freedom: as R's. */
  get variance(): number {
    return this.innovationVariance;
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    const work = this.#work;
    const first = this.#differences ? start + 1 : start;
    const n = end - first;
    this.#mean = this.#differences ? 0 : meanOf(x, start, end);
    for (let t = 0; t < n; t++) {
      work.forward[t] = x[first + t]! - (this.#differences ? x[first + t - 1]! : this.#mean);
    }
    const highest = Math.min(this.#fixedOrder ?? Math.floor(n / 4), work.order);
    burg(n, highest, work);
    this.#order = this.#fixedOrder ?? orderOfLeastAicc(work.variances, highest, n);
    coefficientsOf(work.partial, this.#order, this.#coefficients);
    this.innovationVariance = work.variances[this.#order]!;
    const reversed = this.#byLength[this.#order]!;
    for (let i = 0; i < reversed.length; i++) {
      reversed[reversed.length - 1 - i] = i < this.#order ? this.#coefficients[i]! : 0;
    }
    this.#reversed = reversed;
  }

  protected project(steps: number, means: Float64Array, x: Float64Array, end: number): void {
    const path = this.#path;
    const length = this.#reversed.length;
    for (let i = 0; i < length; i++) {
      const t = end - length + i;
      path[i] = this.#differences ? x[t]! - x[t - 1]! : x[t]! - this.#mean;
    }
    continueRecursion(this.#reversed, path, steps);
    let level = x[end - 1]!;
    for (let h = 0; h < steps; h++) {
      level += path[length + h]!;
      means[h] = this.#differences ? level : this.#mean + path[length + h]!;
    }
  }

  protected weigh(count: number, psi: Float64Array): void {
    const path = this.#path;
    const length = this.#reversed.length;
    answerToShock(this.#reversed, path, count);
    let sum = 0;
    for (let j = 0; j < count; j++) {
      sum += path[length - 1 + j]!;
      psi[j] = this.#differences ? sum : path[length - 1 + j]!;
    }
  }
}

function meanOf(x: Float64Array, start: number, end: number): number {
  let sum = 0;
  for (let t = start; t < end; t++) sum += x[t]!;
  return sum / (end - start);
}
