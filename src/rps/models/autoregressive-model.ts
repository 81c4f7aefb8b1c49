import { LevinsonWork, levinsonDurbin } from '../numeric/levinson-durbin.js';
import { continueRecursion, SHORTEST_RECURSION } from '../numeric/linear-recursion.js';
import { averageDeviations } from '../numeric/psi-weights.js';
import { SlidingAutocovariance } from '../numeric/sliding-autocovariance.js';
import {
  checkSample,
  checkSteps,
  DEFAULT_MAX_STEPS,
  ForecastBuffer,
  MAX_TRAILING_GAP,
  type Model,
  type ModelForecast,
} from './model.js';
import { RefitSchedule } from './refit-schedule.js';
import { scaledVariance } from './yule-walker.js';

export interface AutoregressiveOptions {
  /** Default 16. */
  readonly order?: number;
  /** Samples that it is fitted to. Default 600. */
  readonly window?: number;
  /** Default 600. */
  readonly maxSteps?: number;
  /** Samples between two fits. Default 1. */
  readonly refitEvery?: number;
}

/**
 * AR(p), refitted by Yule-Walker at every sample, unless told otherwise, from sliding autocovariances.
 *
 * A gap in the window contributes nothing to the fit; among the last p samples it stands at what was
 * predicted for it when it was missed, and gaps at the very end widen the errors as the longer way to look
 * ahead that they are. A constant window gives forecasts of that constant with errors 0.
 */
export class AutoregressiveModel implements Model {
  readonly name: string;
  readonly order: number;
  readonly maxSteps: number;
  /** Four samples for each parameter: below that a fit follows noise. */
  readonly minimumSamples: number;

  readonly #sliding: SlidingAutocovariance;
  readonly #levinson: LevinsonWork;
  readonly #buffer: ForecastBuffer;
  /** The coefficients from φₚ to φ₁, as {@link continueRecursion} takes them. */
  readonly #reversed: Float64Array;
  /** The last samples, oldest first; what was expected where one is missing. */
  readonly #recent: Float64Array;
  /** The same less the mean, then the forecasts. */
  readonly #path: Float64Array;
  /**
   * Zeros and an impulse, then how it dies away: the psi weights, of which `#psi` is the view from the
   * impulse on.
   */
  readonly #impulse: Float64Array;
  readonly #psi: Float64Array;
  readonly #cumulative: Float64Array;
  readonly #schedule: RefitSchedule;
  #innovationVariance = 0;
  #trailingGap = 0;

  /** Throws a RangeError unless 1 ≤ order and 4 (order + 1) ≤ window. */
  constructor(options: AutoregressiveOptions = {}) {
    const { order = 16, window = 600, maxSteps = DEFAULT_MAX_STEPS, refitEvery = 1 } = options;
    this.#schedule = new RefitSchedule(refitEvery);
    this.order = order;
    this.minimumSamples = 4 * (order + 1);
    if (!Number.isInteger(order) || order < 1 || !Number.isInteger(window) || window < this.minimumSamples) {
      throw new RangeError(
        `AR(${order}) needs a window of at least ${this.minimumSamples} samples, not ${window}`,
      );
    }
    this.name = `AR(${order})`;
    this.maxSteps = maxSteps;
    this.#sliding = new SlidingAutocovariance(window, order);
    this.#levinson = new LevinsonWork(order);
    this.#buffer = new ForecastBuffer(maxSteps);
    const length = Math.max(SHORTEST_RECURSION, order);
    this.#reversed = new Float64Array(length);
    this.#recent = new Float64Array(length);
    this.#path = new Float64Array(length + maxSteps);
    this.#impulse = new Float64Array(length + maxSteps + MAX_TRAILING_GAP);
    this.#impulse[length - 1] = 1;
    this.#psi = this.#impulse.subarray(length - 1);
    this.#cumulative = new Float64Array(maxSteps + MAX_TRAILING_GAP);
  }

  get samples(): number {
    return this.#sliding.samples;
  }

  /** φ₁ … φₚ of the present fit; overwritten by the next step. */
  get coefficients(): Float64Array {
    return this.#levinson.coefficients;
  }

  /** Scaled as {@link scaledVariance}. */
  get innovationVariance(): number {
    return this.#innovationVariance;
  }

  get mean(): number {
    return this.#sliding.mean;
  }

  fit(window: Float64Array): void {
    for (const sample of window) checkSample(sample);
    this.#sliding.clear();
    this.#trailingGap = 0;
    const newest = window.subarray(Math.max(0, window.length - this.#sliding.capacity));
    for (const sample of newest) this.#sliding.push(sample);
    this.#estimate();
    // Gaps among the last p are filled by the fit to the whole window, each from what stands before it.
    this.#recent.fill(Number.isNaN(this.mean) ? 0 : this.mean);
    for (const sample of newest.subarray(Math.max(0, newest.length - 4 * this.order))) this.#remember(sample);
  }

  step(sample: number): void {
    checkSample(sample);
    // A gap is filled by the fit that did not know of it: before the window moves.
    this.#remember(sample);
    this.#sliding.push(sample);
    if (this.#schedule.step()) this.#estimate();
  }

  forecast(steps: number): ModelForecast | null {
    checkSteps(steps, this.maxSteps);
    if (this.samples < this.minimumSamples || this.#trailingGap >= MAX_TRAILING_GAP) return null;
    const buffer = this.#buffer;
    buffer.steps = steps;
    this.#predictMeans(steps);
    buffer.average();
    this.#predictDeviations(steps);
    return buffer;
  }

  #estimate(): void {
    const sliding = this.#sliding;
    sliding.refresh();
    const { order } = this;
    this.#schedule.fitted(sliding.samples >= this.minimumSamples);
    if (sliding.samples < this.minimumSamples) return;
    const variance = levinsonDurbin(sliding.acov, order, this.#levinson);
    this.#innovationVariance = scaledVariance(variance, sliding.samples, order);
    const { coefficients } = this.#levinson;
    const newest = this.#reversed.length - 1;
    for (let i = 0; i < order; i++) this.#reversed[newest - i] = coefficients[i]!;
  }

  #remember(sample: number): void {
    const gap = Number.isNaN(sample);
    const value = gap ? this.#expected() : sample;
    this.#trailingGap = gap ? this.#trailingGap + 1 : 0;
    this.#recent.copyWithin(0, 1);
    this.#recent[this.#recent.length - 1] = value;
  }

  /** What the present fit predicts for the next sample. */
  #expected(): number {
    const mean = Number.isNaN(this.mean) ? 0 : this.mean;
    let deviation = 0;
    for (let i = 0; i < this.#recent.length; i++) deviation += this.#reversed[i]! * (this.#recent[i]! - mean);
    return mean + deviation;
  }

  #predictMeans(steps: number): void {
    const mean = this.mean;
    const path = this.#path;
    const length = this.#recent.length;
    for (let i = 0; i < length; i++) path[i] = this.#recent[i]! - mean;
    continueRecursion(this.#reversed, path, steps);
    const means = this.#buffer.means;
    for (let h = 0; h < steps; h++) means[h] = mean + path[length + h]!;
  }

  #predictDeviations(steps: number): void {
    const skipped = this.#trailingGap;
    const psi = this.#psi;
    const variance = this.#innovationVariance;
    continueRecursion(this.#reversed, this.#impulse, steps + skipped - 1);
    let squares = 0;
    for (let j = 0; j < skipped; j++) squares += psi[j]! * psi[j]!;
    for (let h = 0; h < steps; h++) {
      const weight = psi[h + skipped]!;
      squares += weight * weight;
      this.#buffer.deviations[h] = Math.sqrt(variance * squares);
    }
    averageDeviations(psi, variance, steps, skipped, this.#cumulative, this.#buffer.averageDeviations);
  }
}
