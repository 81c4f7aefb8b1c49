import { BurgWork, burg } from '../numeric/burg.js';
import { coefficientsFromReals } from '../numeric/partial-transform.js';
import { solveRidge } from '../numeric/ridge.js';
import { LinearModel } from './linear-model.js';
import type { RefittedOptions } from './refitted-model.js';

const LARGEST_ORDER = 16;
const ROUNDS = 200;
const DIFFERENCE = 1e-6;
/** A step that lowers the sum of squares by less than this share of it is the last. */
const SETTLED = 1e-12;
const MOST_PARTIAL = 0.99;

/**
 * ARIMA(p, d, q) with d of 0 (about a mean) or 1 (without drift), by conditional least squares: the errors
 * before the p-th sample are 0, and the sum of the squares of all others is made least by Gauss-Newton steps
 * with Levenberg's damping, from Burg's AR(p). Both polynomials are kept within the unit circle, so that
 * forecasts settle and errors of the past die away.
 *
 * Source: Box, Jenkins, Reinsel, Time Series Analysis, section 7.1.2; R 4.2, `arima(method = "CSS")`.
 */
export class ArimaModel extends LinearModel {
  readonly name: string;
  readonly #p: number;
  readonly #d: number;
  readonly #q: number;
  /** Reals behind φ, behind θ, then the mean where d is 0. */
  readonly #parameters: Float64Array;
  readonly #trial: Float64Array;
  readonly #step: Float64Array;
  readonly #phi: Float64Array;
  /** 1 + Σ θⱼ zʲ, so that x[t] has + θⱼ a[t−j]: as R's. */
  readonly #theta: Float64Array;
  readonly #scratch: Float64Array;
  readonly #burg: BurgWork;
  /** The series that is fitted to (differences where d is 1), its errors, those of a trial, their slopes. */
  readonly #series: Float64Array;
  readonly #errors: Float64Array;
  readonly #shifted: Float64Array;
  readonly #slopes: readonly Float64Array[];
  readonly #gram: Float64Array;
  readonly #moments: Float64Array;
  readonly #factor: Float64Array;
  #n = 0;
  #mean = 0;
  #last = 0;
  /** Newest first: deviations from the mean, errors. */
  readonly #recent: Float64Array;
  readonly #recentErrors: Float64Array;
  readonly #path: Float64Array;

  /** Throws a RangeError unless p, q ≤ 16, d ≤ 1, p + q ≥ 1 and the window has 4 samples for each parameter. */
  constructor(order: readonly [p: number, d: number, q: number], options: RefittedOptions = {}) {
    const [p, d, q] = order;
    super(4 * (p + q + 2) + d, options);
    if (p > LARGEST_ORDER || q > LARGEST_ORDER || d > 1 || p + q < 1) {
      throw new RangeError(
        `ARIMA(${order}) is no model: 1 ≤ p + q, p and q are at most ${LARGEST_ORDER}, d is 0 or 1`,
      );
    }
    this.name = d === 1 ? `ARIMA(${order})` : p === 0 ? `MA(${q})` : `ARMA(${p},${q})`;
    [this.#p, this.#d, this.#q] = order;
    const size = p + q + 1 - d;
    this.#parameters = new Float64Array(size);
    this.#trial = new Float64Array(size);
    this.#step = new Float64Array(size);
    this.#phi = new Float64Array(p);
    this.#theta = new Float64Array(q);
    this.#scratch = new Float64Array(LARGEST_ORDER);
    this.#burg = new BurgWork(p, this.window);
    this.#series = new Float64Array(this.window);
    this.#errors = new Float64Array(this.window);
    this.#shifted = new Float64Array(this.window);
    this.#slopes = Array.from({ length: size }, () => new Float64Array(this.window));
    this.#gram = new Float64Array(size * size);
    this.#factor = new Float64Array(size * size);
    this.#moments = new Float64Array(size);
    this.#recent = new Float64Array(p);
    this.#recentErrors = new Float64Array(q);
    this.#path = new Float64Array(this.maxSteps);
  }

  /** φ₁ … φₚ of the present fit. */
  get phi(): Float64Array {
    return this.#phi;
  }

  /** θ₁ … θ_q of the present fit. */
  get theta(): Float64Array {
    return this.#theta;
  }

  /** Mean squared error of one step within the window. */
  get variance(): number {
    return this.innovationVariance;
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    this.#begin(x, start, end);
    let squares = this.#run(this.#parameters, this.#errors);
    let damping = 1e-3;
    for (let round = 0; round < ROUNDS && squares > 0 && damping < 1e6; round++) {
      this.#linearise();
      solveRidge(this.#gram, this.#moments, this.#step.length, damping, this.#factor, this.#step);
      for (let i = 0; i < this.#step.length; i++) this.#trial[i] = this.#parameters[i]! - this.#step[i]!;
      const next = this.#run(this.#trial, this.#shifted);
      if (!(next < squares)) {
        damping *= 10;
        continue;
      }
      damping /= 10;
      const settled = squares - next < SETTLED * squares;
      this.#parameters.set(this.#trial);
      squares = this.#run(this.#parameters, this.#errors);
      if (settled) break;
    }
    // The last trial may have left its own coefficients.
    squares = this.#run(this.#parameters, this.#errors);
    this.innovationVariance = squares / (this.#n - this.#p);
    this.#last = x[end - 1]!;
    for (let i = 0; i < this.#p; i++) this.#recent[i] = this.#series[this.#n - 1 - i]! - this.#mean;
    for (let j = 0; j < this.#q; j++) this.#recentErrors[j] = this.#errors[this.#n - 1 - j]!;
  }

  protected override advance(sample: number): void {
    const deviation = this.#d === 1 ? sample - this.#last : sample - this.#mean;
    let error = deviation;
    for (let i = 0; i < this.#p; i++) error -= this.#phi[i]! * this.#recent[i]!;
    for (let j = 0; j < this.#q; j++) error -= this.#theta[j]! * this.#recentErrors[j]!;
    this.#recent.copyWithin(1, 0);
    this.#recentErrors.copyWithin(1, 0);
    if (this.#p > 0) this.#recent[0] = deviation;
    if (this.#q > 0) this.#recentErrors[0] = error;
    this.#last = sample;
  }

  protected project(steps: number, means: Float64Array): void {
    const path = this.#path;
    let level = this.#last;
    for (let h = 0; h < steps; h++) {
      let value = 0;
      for (let i = 0; i < this.#p; i++) {
        value += this.#phi[i]! * (i < h ? path[h - 1 - i]! : this.#recent[i - h]!);
      }
      for (let j = h; j < this.#q; j++) value += this.#theta[j]! * this.#recentErrors[j - h]!;
      path[h] = value;
      level += value;
      means[h] = this.#d === 1 ? level : this.#mean + value;
    }
  }

  protected weigh(count: number, psi: Float64Array): void {
    for (let j = 0; j < count; j++) {
      let weight = j === 0 ? 1 : j <= this.#q ? this.#theta[j - 1]! : 0;
      for (let i = 0; i < this.#p && i < j; i++) weight += this.#phi[i]! * psi[j - 1 - i]!;
      psi[j] = weight;
    }
    if (this.#d === 1) for (let j = 1; j < count; j++) psi[j]! += psi[j - 1]!;
  }

  /** The series that is fitted to, and where the search starts. */
  #begin(x: Float64Array, start: number, end: number): void {
    this.#n = end - start - this.#d;
    let sum = 0;
    for (let t = 0; t < this.#n; t++) {
      const value = this.#d === 1 ? x[start + t + 1]! - x[start + t]! : x[start + t]!;
      this.#series[t] = value;
      sum += value;
    }
    const mean = this.#d === 1 ? 0 : sum / this.#n;
    for (let t = 0; t < this.#n; t++) this.#burg.forward[t] = this.#series[t]! - mean;
    burg(this.#n, this.#p, this.#burg);
    this.#parameters.fill(0);
    for (let i = 0; i < this.#p; i++) {
      const partial = Math.max(-MOST_PARTIAL, Math.min(MOST_PARTIAL, this.#burg.partial[i]!));
      this.#parameters[i] = Math.atanh(partial);
    }
    if (this.#d === 0) this.#parameters[this.#p + this.#q] = mean;
  }

  /** Errors of all samples by these parameters, and the sum of their squares. Leaves φ, θ and the mean. */
  #run(parameters: Float64Array, errors: Float64Array): number {
    const [p, q, phi, theta] = [this.#p, this.#q, this.#phi, this.#theta];
    coefficientsFromReals(parameters, 0, p, this.#scratch, phi);
    coefficientsFromReals(parameters, p, q, this.#scratch, theta);
    for (let j = 0; j < q; j++) theta[j] = -theta[j]!;
    this.#mean = this.#d === 1 ? 0 : parameters[p + q]!;
    errors.fill(0, 0, p);
    let squares = 0;
    for (let t = p; t < this.#n; t++) {
      let error = this.#series[t]! - this.#mean;
      for (let i = 0; i < p; i++) error -= phi[i]! * (this.#series[t - 1 - i]! - this.#mean);
      for (let j = 0; j < q && j < t - p; j++) error -= theta[j]! * errors[t - 1 - j]!;
      errors[t] = error;
      squares += error * error;
    }
    return squares;
  }

  /** Slopes of the errors at the present parameters, and from them the normal equations. */
  #linearise(): void {
    const size = this.#step.length;
    this.#trial.set(this.#parameters);
    for (let k = 0; k < size; k++) {
      const change = DIFFERENCE * Math.max(1, Math.abs(this.#parameters[k]!));
      this.#trial[k] = this.#parameters[k]! + change;
      this.#run(this.#trial, this.#shifted);
      this.#trial[k] = this.#parameters[k]!;
      const slope = this.#slopes[k]!;
      for (let t = 0; t < this.#n; t++) slope[t] = (this.#shifted[t]! - this.#errors[t]!) / change;
    }
    for (let i = 0; i < size; i++) {
      this.#moments[i] = this.#product(this.#slopes[i]!, this.#errors);
      for (let j = 0; j <= i; j++) {
        const product = this.#product(this.#slopes[i]!, this.#slopes[j]!);
        this.#gram[i * size + j] = product;
        this.#gram[j * size + i] = product;
      }
    }
  }

  #product(a: Float64Array, b: Float64Array): number {
    let sum = 0;
    for (let t = 0; t < this.#n; t++) sum += a[t]! * b[t]!;
    return sum;
  }
}
