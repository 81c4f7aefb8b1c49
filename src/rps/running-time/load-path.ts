import type { ModelForecast } from '../models/model.js';

/**
 * The forecast of a load as running times need it: of the average over the next h steps, for any h, its mean,
 * the deviation of its error (from the covariance of the errors of single steps: Dinda, Online prediction of
 * the running time of tasks, 2002), and how much single steps vary about it.
 */
export class LoadPath {
  /** Name of the model that forecast it. */
  readonly model: string;
  readonly stepNs: number;
  /** Steps that are forecast; further ahead the load is taken to be {@link longRunMean}. */
  readonly horizon: number;
  readonly longRunMean: number;
  readonly #means: Float64Array;
  readonly #deviations: Float64Array;
  readonly #spreads: Float64Array;

  /** Copies what it needs of `forecast`. */
  constructor(model: string, stepNs: number, forecast: ModelForecast, longRunMean: number) {
    this.model = model;
    this.stepNs = stepNs;
    this.horizon = forecast.steps;
    this.longRunMean = longRunMean;
    this.#means = forecast.averageMeans.slice(0, forecast.steps);
    this.#deviations = forecast.averageDeviations.slice(0, forecast.steps);
    this.#spreads = new Float64Array(forecast.steps);
    let squares = 0;
    for (let h = 1; h <= forecast.steps; h++) {
      squares += forecast.means[h - 1]! ** 2 + forecast.deviations[h - 1]! ** 2;
      const ofAverage = this.#means[h - 1]! ** 2 + this.#deviations[h - 1]! ** 2;
      this.#spreads[h - 1] = Math.sqrt(Math.max(0, squares / h - ofAverage));
    }
  }

  /** Of the average over the first `steps` steps. */
  mean(steps: number): number {
    const known = this.#means[Math.min(steps, this.horizon) - 1]!;
    return steps <= this.horizon
      ? known
      : (this.horizon * known + (steps - this.horizon) * this.longRunMean) / steps;
  }

  /**
   * Of the error of that average. Beyond the horizon it shrinks no further: the long-run mean is itself the
   * mean of about so many samples.
   */
  deviation(steps: number): number {
    return this.#deviations[Math.min(steps, this.horizon) - 1]!;
  }

  /** Standard deviation of single steps about their average. */
  spread(steps: number): number {
    return this.#spreads[Math.min(steps, this.horizon) - 1]!;
  }
}
