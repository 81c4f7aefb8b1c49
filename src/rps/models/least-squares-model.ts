import { solveRidge } from '../numeric/ridge.js';
import { LinearModel } from './linear-model.js';
import { MAX_TRAILING_GAP } from './model.js';
import type { RefittedOptions } from './refitted-model.js';

/**
 * OLS(p): an autoregression with an intercept, by ordinary least squares on the samples that have p before them.
 * Unlike Yule-Walker's and Burg's it may be unstable, and then its forecasts grow.
 *
 * Source: Lütkepohl, Introduction to Multiple Time Series Analysis (1993), section 3.2; R 4.2, `ar.ols`.
 */
export class LeastSquaresModel extends LinearModel {
  readonly name: string;
  readonly #order: number;
  /** φ₁ … φₚ, then the intercept of the deviations from the window's mean. */
  readonly #coefficients: Float64Array;
  readonly #row: Float64Array;
  readonly #gram: Float64Array;
  readonly #factor: Float64Array;
  readonly #moments: Float64Array;
  readonly #path: Float64Array;
  #mean = 0;

  /** Throws a RangeError unless 1 ≤ order and 4 (order + 1) ≤ window. */
  constructor(options: RefittedOptions & { readonly order: number }) {
    const { order } = options;
    super(4 * (order + 1), options);
    if (!Number.isInteger(order) || order < 1) throw new RangeError(`OLS(${order}) is no model`);
    const size = order + 1;
    this.name = `OLS(${order})`;
    this.#order = order;
    this.#coefficients = new Float64Array(size);
    this.#row = new Float64Array(size);
    this.#gram = new Float64Array(size * size);
    this.#factor = new Float64Array(size * size);
    this.#moments = new Float64Array(size);
    this.#path = new Float64Array(order + this.maxSteps + MAX_TRAILING_GAP);
  }

  /** φ₁ … φₚ of the present fit. */
  get coefficients(): Float64Array {
    return this.#coefficients.subarray(0, this.#order);
  }

  /** Of the deviations from the window's mean. */
  get intercept(): number {
    return this.#coefficients[this.#order]!;
  }

  /** Mean squared residual of the rows. */
  get variance(): number {
    return this.innovationVariance;
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    const [order, row, moments] = [this.#order, this.#row, this.#moments];
    const size = order + 1;
    let sum = 0;
    for (let t = start; t < end; t++) sum += x[t]!;
    this.#mean = sum / (end - start);
    this.#gram.fill(0);
    moments.fill(0);
    row[order] = 1;
    let squares = 0;
    for (let t = start + order; t < end; t++) {
      const target = x[t]! - this.#mean;
      for (let i = 0; i < order; i++) row[i] = x[t - 1 - i]! - this.#mean;
      squares += target * target;
      for (let i = 0; i < size; i++) {
        moments[i]! += row[i]! * target;
        for (let j = 0; j <= i; j++) this.#gram[i * size + j]! += row[i]! * row[j]!;
      }
    }
    solveRidge(this.#gram, moments, size, 0, this.#factor, this.#coefficients);
    for (let i = 0; i < size; i++) squares -= this.#coefficients[i]! * moments[i]!;
    this.innovationVariance = Math.max(0, squares) / (end - start - order);
  }

  protected project(steps: number, means: Float64Array, x: Float64Array, end: number): void {
    const path = this.#path;
    for (let i = 0; i < this.#order; i++) path[i] = x[end - this.#order + i]! - this.#mean;
    this.#recur(steps, this.intercept);
    for (let h = 0; h < steps; h++) means[h] = this.#mean + path[this.#order + h]!;
  }

  protected weigh(count: number, psi: Float64Array): void {
    const path = this.#path;
    path.fill(0, 0, this.#order - 1);
    path[this.#order - 1] = 1;
    this.#recur(count - 1, 0);
    for (let j = 0; j < count; j++) psi[j] = path[this.#order - 1 + j]!;
  }

  #recur(steps: number, intercept: number): void {
    const path = this.#path;
    for (let t = this.#order; t < this.#order + steps; t++) {
      let value = intercept;
      for (let i = 0; i < this.#order; i++) value += this.#coefficients[i]! * path[t - 1 - i]!;
      path[t] = value;
    }
  }
}
