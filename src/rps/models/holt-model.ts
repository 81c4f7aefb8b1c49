import { leastOnInterval } from '../numeric/least-on-interval.js';
import { LinearModel } from './linear-model.js';
import type { RefittedOptions } from './refitted-model.js';

const [LEAST, MOST] = [1e-4, 0.9999];
const ROUNDS = 3;
const TREND_SAMPLES = 10;

/**
 * Holt's linear trend: level and slope, which move by α and αβ of each error. The weights are those of the
 * least sum of squares, searched for in turn; the first level and slope are those of a line through the first ten samples.
 * The weights of shocks are ψⱼ = α (1 + β j).
 *
 * Source: Hyndman, Koehler, Ord, Snyder, Forecasting with Exponential Smoothing (2008), model (A,A,N).
 */
export class HoltModel extends LinearModel {
  readonly name = 'HOLT';
  #alpha = 0.5;
  #beta = 0.1;
  #level = 0;
  #slope = 0;
  #x: Float64Array = new Float64Array(0);
  #start = 0;
  #end = 0;
  readonly #squaresAtAlpha = (alpha: number): number => this.#run(alpha, this.#beta);
  readonly #squaresAtBeta = (beta: number): number => this.#run(this.#alpha, beta);

  constructor(options: RefittedOptions = {}) {
    super(2 * TREND_SAMPLES, options);
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    [this.#x, this.#start, this.#end] = [x, start, end];
    [this.#alpha, this.#beta] = [0.5, 0.1];
    for (let round = 0; round < ROUNDS; round++) {
      this.#alpha = leastOnInterval(LEAST, MOST, this.#squaresAtAlpha);
      this.#beta = leastOnInterval(LEAST, MOST, this.#squaresAtBeta);
    }
    this.innovationVariance = this.#run(this.#alpha, this.#beta) / (end - start - 4);
  }

  protected override advance(sample: number): void {
    const error = sample - this.#level - this.#slope;
    this.#level += this.#slope + this.#alpha * error;
    this.#slope += this.#alpha * this.#beta * error;
  }

  protected project(steps: number, means: Float64Array): void {
    for (let h = 0; h < steps; h++) means[h] = this.#level + (h + 1) * this.#slope;
  }

  protected weigh(count: number, psi: Float64Array): void {
    psi[0] = 1;
    for (let j = 1; j < count; j++) psi[j] = this.#alpha * (1 + this.#beta * j);
  }

  /** Sum of squared errors; leaves level and slope at the window's end. */
  #run(alpha: number, beta: number): number {
    const x = this.#x;
    this.#begin();
    let [level, slope, squares] = [this.#level, this.#slope, 0];
    for (let t = this.#start; t < this.#end; t++) {
      const error = x[t]! - level - slope;
      level += slope + alpha * error;
      slope += alpha * beta * error;
      squares += error * error;
    }
    [this.#level, this.#slope] = [level, slope];
    return squares;
  }

  /** The line of least squares through the first samples; its level is that of one step before them. */
  #begin(): void {
    const middle = (TREND_SAMPLES - 1) / 2;
    let [sum, cross, power] = [0, 0, 0];
    for (let i = 0; i < TREND_SAMPLES; i++) {
      const value = this.#x[this.#start + i]!;
      sum += value;
      cross += (i - middle) * value;
      power += (i - middle) ** 2;
    }
    this.#slope = cross / power;
    this.#level = sum / TREND_SAMPLES - (middle + 1) * this.#slope;
  }
}
