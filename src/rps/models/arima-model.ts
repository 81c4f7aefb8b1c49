import { type ArmaCoefficients, type ArmaCriterion, ConditionalSquares } from '../numeric/arma-criterion.js';
import { BurgWork, burg } from '../numeric/burg.js';
import { ExactLikelihood } from '../numeric/exact-likelihood.js';
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
/** Where the likelihood's search starts at most: nearer to the edge nothing moves. */
const MOST_REAL = 3;

export interface ArimaOptions extends RefittedOptions {
  /** By exact likelihood, from the conditional fit on, which takes many times as long. Default false. */
  readonly exact?: boolean;
}

/**
 * ARIMA(p, d, q) with d of 0 (about a mean) or 1 (without drift), by conditional least squares or exact
 * likelihood: a sum of squares that is made least by Gauss-Newton steps with Levenberg's damping, from Burg's
 * AR(p). Both polynomials are kept within the unit circle, so that
 * forecasts settle and errors of the past die away.
 *
 * Source: Box, Jenkins, Reinsel, Time Series Analysis, chapter 7; R 4.2, `arima`.
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
  readonly #coefficients: ArmaCoefficients;
  readonly #scratch: Float64Array;
  readonly #burg: BurgWork;
  /** Each is made least from where the one before it was. */
  readonly #criteria: readonly ArmaCriterion[];
  /** The series that is fitted to (differences where d is 1), its errors at the present parameters, their slopes. */
  readonly #series: Float64Array;
  readonly #errors: Float64Array;
  readonly #slopes: readonly Float64Array[];
  readonly #gram: Float64Array;
  readonly #moments: Float64Array;
  readonly #factor: Float64Array;
  #n = 0;
  #squares = 0;
  #mean = 0;
  #last = 0;
  /** Newest first: deviations from the mean, errors. */
  readonly #recent: Float64Array;
  readonly #recentErrors: Float64Array;
  readonly #path: Float64Array;

  /** Throws a RangeError unless p, q ≤ 16, d ≤ 1, p + q ≥ 1 and the window has 4 samples for each parameter. */
  constructor(order: readonly [p: number, d: number, q: number], options: ArimaOptions = {}) {
    const [p, d, q] = order;
    super(4 * (p + q + 2) + d, options);
    if (p > LARGEST_ORDER || q > LARGEST_ORDER || d > 1 || p + q < 1) {
      throw new RangeError(
        `ARIMA(${order}) is no model: 1 ≤ p + q, p and q are at most ${LARGEST_ORDER}, d is 0 or 1`,
      );
    }
    const { exact = false } = options;
    const short = p === 0 ? `MA(${q})` : `ARMA(${p},${q})`;
    this.name = exact ? `ARIMAML(${order})` : d === 1 ? `ARIMA(${order})` : short;
    [this.#p, this.#d, this.#q] = order;
    const size = p + q + 1 - d;
    this.#parameters = new Float64Array(size);
    this.#trial = new Float64Array(size);
    this.#step = new Float64Array(size);
    this.#phi = new Float64Array(p);
    this.#theta = new Float64Array(q);
    this.#coefficients = { phi: this.#phi, theta: this.#theta };
    this.#scratch = new Float64Array(LARGEST_ORDER);
    this.#burg = new BurgWork(p, this.window);
    this.#series = new Float64Array(this.window);
    this.#errors = new Float64Array(this.window);
    const conditional = new ConditionalSquares(this.window);
    this.#criteria = exact ? [conditional, new ExactLikelihood(p, q, this.window)] : [conditional];
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

  /** Of the present fit: what it made least, as the logarithm of a Gaussian likelihood of the series it is fitted to. */
  get logLikelihood(): number {
    return (-this.#n / 2) * (Math.log((2 * Math.PI * this.#squares) / this.#n) + 1);
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    this.#begin(x, start, end);
    for (const criterion of this.#criteria) this.#minimise(criterion);
    this.#last = x[end - 1]!;
    for (let i = 0; i < this.#p; i++) this.#recent[i] = this.#series[this.#n - 1 - i]! - this.#mean;
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

  /** From the present parameters to the least sum of squares near them; leaves state and variance of it. */
  #minimise(criterion: ArmaCriterion): void {
    for (let i = 0; i < this.#p + this.#q; i++) {
      this.#parameters[i] = Math.max(-MOST_REAL, Math.min(MOST_REAL, this.#parameters[i]!));
    }
    let squares = this.#run(criterion, this.#parameters);
    let damping = 1e-3;
    for (let round = 0; round < ROUNDS && squares > 0 && damping < 1e6; round++) {
      this.#errors.set(criterion.errors);
      this.#linearise(criterion);
      let next = this.#attempt(criterion, damping);
      for (; !(next < squares) && damping < 1e6; next = this.#attempt(criterion, damping)) damping *= 10;
      if (!(next < squares)) break;
      damping /= 10;
      const settled = squares - next < SETTLED * squares;
      this.#parameters.set(this.#trial);
      squares = next;
      if (settled) break;
    }
    // The last trial may have left its own coefficients.
    this.#squares = this.#run(criterion, this.#parameters);
    this.innovationVariance = criterion.variance;
    for (let j = 0; j < this.#q; j++) this.#recentErrors[j] = criterion.shocks[this.#n - 1 - j]!;
  }

  /** One damped step from the present parameters, into `#trial`; the sum of squares there. */
  #attempt(criterion: ArmaCriterion, damping: number): number {
    solveRidge(this.#gram, this.#moments, this.#step.length, damping, this.#factor, this.#step);
    for (let i = 0; i < this.#step.length; i++) this.#trial[i] = this.#parameters[i]! - this.#step[i]!;
    return this.#run(criterion, this.#trial);
  }

  /** Leaves φ, θ and the mean of these parameters. */
  #run(criterion: ArmaCriterion, parameters: Float64Array): number {
    const [p, q, theta] = [this.#p, this.#q, this.#theta];
    coefficientsFromReals(parameters, 0, p, this.#scratch, this.#phi);
    coefficientsFromReals(parameters, p, q, this.#scratch, theta);
    for (let j = 0; j < q; j++) theta[j] = -theta[j]!;
    this.#mean = this.#d === 1 ? 0 : parameters[p + q]!;
    return criterion.run(this.#series, this.#n, this.#mean, this.#coefficients);
  }

  /** Slopes of the errors at the present parameters, and from them the normal equations. */
  #linearise(criterion: ArmaCriterion): void {
    const size = this.#step.length;
    this.#trial.set(this.#parameters);
    for (let k = 0; k < size; k++) {
      const change = DIFFERENCE * Math.max(1, Math.abs(this.#parameters[k]!));
      this.#trial[k] = this.#parameters[k]! + change;
      this.#run(criterion, this.#trial);
      this.#trial[k] = this.#parameters[k]!;
      const slope = this.#slopes[k]!;
      for (let t = 0; t < this.#n; t++) slope[t] = (criterion.errors[t]! - this.#errors[t]!) / change;
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
