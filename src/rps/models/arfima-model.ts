import { BurgWork, burg, coefficientsOf, orderOfLeastAicc } from '../numeric/burg.js';
import { filterFromStart, fractionalWeights } from '../numeric/fractional-difference.js';
import { answerToShock, continueRecursion } from '../numeric/linear-recursion.js';
import { LocalWhittle, whittleFrequencies } from '../numeric/local-whittle.js';
import { Periodogram } from '../numeric/periodogram.js';
import { LinearModel } from './linear-model.js';
import { MAX_TRAILING_GAP } from './model.js';
import type { RefittedOptions } from './refitted-model.js';

const MINIMUM_SAMPLES = 60;
const HIGHEST_ORDER = 32;
/** Samples that a forecast looks back at: the weights of a long memory have no end of their own. */
const FURTHEST_LAG = 200;

/**
 * ARFIMA(p, d, 0): an autoregression of the window's fractional differences (1 − L)^d. Between the mean to which
 * an AR returns and the last level at which an ARI stays, d says how slowly load forgets. d is found first, by
 * the local Whittle estimate; then Burg's autoregression of the order with the least AICc, up to 32. Forecasts
 * are those of the autoregression of the samples themselves that both make together, cut at 200 lags.
 *
 * Source: Hosking, Fractional differencing, Biometrika 68 (1981); of host load: Dinda, The statistical
 * properties of host load, Scientific Programming 7 (1999).
 */
export class ArfimaModel extends LinearModel {
  readonly name = 'ARFIMA';
  readonly #deviations: Float64Array;
  readonly #periodogram: Periodogram;
  readonly #whittle: LocalWhittle;
  readonly #weights: Float64Array;
  readonly #burg: BurgWork;
  readonly #coefficients = new Float64Array(HIGHEST_ORDER);
  /** π of the present fit, with that of the oldest sample first: as {@link continueRecursion} takes them. */
  readonly #reversed: Float64Array;
  readonly #path: Float64Array;
  /** Lags that the present fit could look back at. */
  #reach = 0;
  #mean = 0;
  #memory = 0;
  #order = 0;

  constructor(options: RefittedOptions = {}) {
    super(MINIMUM_SAMPLES, options);
    const { window } = this;
    this.#deviations = new Float64Array(window);
    this.#periodogram = new Periodogram(window);
    this.#whittle = new LocalWhittle(window);
    this.#weights = new Float64Array(window);
    this.#burg = new BurgWork(HIGHEST_ORDER, window);
    const longest = Math.min(FURTHEST_LAG, window);
    this.#reversed = new Float64Array(longest);
    this.#path = new Float64Array(longest + this.maxSteps + MAX_TRAILING_GAP);
  }

  /** d of the present fit. */
  get memory(): number {
    return this.#memory;
  }

  /** Order of the autoregression of the fractional differences. */
  get order(): number {
    return this.#order;
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    const n = end - start;
    const d = this.#deviations;
    let sum = 0;
    for (let t = start; t < end; t++) sum += x[t]!;
    this.#mean = sum / n;
    for (let t = 0; t < n; t++) d[t] = x[start + t]! - this.#mean;
    this.#periodogram.fill(d, n, whittleFrequencies(n));
    this.#memory = this.#whittle.memory(this.#periodogram.ordinates, n);
    fractionalWeights(this.#memory, this.#weights);
    filterFromStart(d, n, this.#weights, this.#burg.forward);
    const highest = Math.min(HIGHEST_ORDER, Math.floor(n / 4));
    burg(n, highest, this.#burg);
    this.#order = orderOfLeastAicc(this.#burg.variances, highest, n);
    coefficientsOf(this.#burg.partial, this.#order, this.#coefficients);
    this.innovationVariance = this.#burg.variances[this.#order]!;
    this.#reach = Math.min(n, this.#reversed.length);
    this.#joinWeights();
  }

  protected project(steps: number, means: Float64Array, x: Float64Array, end: number): void {
    const path = this.#path;
    const length = this.#reversed.length;
    path.fill(0, 0, length - this.#reach);
    for (let lag = this.#reach; lag > 0; lag--) path[length - lag] = x[end - lag]! - this.#mean;
    continueRecursion(this.#reversed, path, steps);
    for (let h = 0; h < steps; h++) means[h] = this.#mean + path[length + h]!;
  }

  protected weigh(count: number, psi: Float64Array): void {
    const path = this.#path;
    const length = this.#reversed.length;
    answerToShock(this.#reversed, path, count);
    for (let j = 0; j < count; j++) psi[j] = path[length - 1 + j]!;
  }

  /** 1 − Σ πₖ Lᵏ = (1 − Σ φᵢ Lⁱ)(1 − L)^d. */
  #joinWeights(): void {
    const weights = this.#weights;
    const reversed = this.#reversed;
    reversed.fill(0);
    for (let k = 1; k <= this.#reach; k++) {
      // The window has `reach` samples, so its weights end one lag before.
      let weight = k < weights.length ? -weights[k]! : 0;
      for (let i = 1; i <= this.#order && i <= k; i++) weight += this.#coefficients[i - 1]! * weights[k - i]!;
      reversed[reversed.length - k] = weight;
    }
  }
}
