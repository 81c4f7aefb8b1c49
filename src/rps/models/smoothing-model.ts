import { leastOnInterval } from '../numeric/least-on-interval.js';
import { LinearModel } from './linear-model.js';
import type { RefittedOptions } from './refitted-model.js';

/** R's limits of a smoothing weight. */
const [LEAST, MOST] = [1e-4, 0.9999];

/**
 * SES, simple exponential smoothing: every step ahead is the level, which moves by α of each error. α and the
 * first level are those of the least sum of squares; the errors are linear in the level, so only α is
 * searched for. The weights of shocks are ψⱼ = α.
 *
 * Source: Hyndman, Koehler, Ord, Snyder, Forecasting with Exponential Smoothing (2008), model (A,N,N); R's
 * `forecast::ses`.
 */
export class SmoothingModel extends LinearModel {
  readonly name: string = 'SES';
  #alpha = 0;
  #firstLevel = 0;
  #level = 0;
  #x: Float64Array = new Float64Array(0);
  #start = 0;
  #end = 0;
  /** Bound once: a search makes no function of its own. */
  readonly #squaresAt = (alpha: number): number => this.#sumOfSquares(alpha);

  constructor(options: RefittedOptions = {}) {
    super(10, options);
  }

  /** Smoothing weight of the present fit. */
  get alpha(): number {
    return this.#alpha;
  }

  /** Mean squared error of one step over the window, of n − 2 degrees of freedom. */
  get variance(): number {
    return this.innovationVariance;
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    [this.#x, this.#start, this.#end] = [x, start, end];
    const alpha = leastOnInterval(LEAST, MOST, this.#squaresAt);
    const squares = this.#sumOfSquares(alpha);
    this.#alpha = alpha;
    this.innovationVariance = squares / (end - start - 2);
    this.#level = this.#firstLevel;
    for (let t = start; t < end; t++) this.advance(x[t]!);
  }

  protected override advance(sample: number): void {
    this.#level += this.#alpha * (sample - this.#level);
  }

  protected project(steps: number, means: Float64Array): void {
    means.fill(this.#level, 0, steps);
  }

  protected weigh(count: number, psi: Float64Array): void {
    psi.fill(this.#alpha, 0, count);
    psi[0] = 1;
  }

  /**
   * Least over the first level: the error at t is e₀[t] − l (1 − α)^t, where e₀ are the errors from the
   * window's first sample on, and l what the level differs from it.
   */
  #sumOfSquares(alpha: number): number {
    const x = this.#x;
    const origin = x[this.#start]!;
    let [level, decay] = [origin, 1];
    let [squares, cross, power] = [0, 0, 0];
    for (let t = this.#start; t < this.#end; t++) {
      const error = x[t]! - level;
      level += alpha * error;
      squares += error * error;
      cross += error * decay;
      power += decay * decay;
      decay *= 1 - alpha;
    }
    this.#firstLevel = origin + cross / power;
    return Math.max(0, squares - (cross * cross) / power);
  }
}
