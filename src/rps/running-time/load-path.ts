import type { ModelForecast } from '../models/model.js';

/**
 * The forecast of a load as running times need it. The error of the load at step h is taken apart: a part that is
 * the same for all steps up to there, so that the parts of h steps add up to the deviation of the error of
 * their average (which comes from the covariance of the errors of single steps: Dinda, Online prediction of
 * the running time of tasks, 2002), and one that is each step's own. The mean that forecasts return to is itself
 * estimated: its error is shared too, the more the further ahead.
 */
export class LoadPath {
  /** Name of the model that forecast it. */
  readonly model: string;
  readonly stepNs: number;
  /** Steps that are forecast; further ahead the load is taken to be {@link longRunMean}. */
  readonly horizon: number;
  readonly longRunMean: number;
  readonly #means: Float64Array;
  readonly #averages: Float64Array;
  readonly #common: Float64Array;
  readonly #own: Float64Array;
  readonly #averageDeviation: number;

  /** Copies what it needs of `forecast`, which rests on so many samples; infinitely many: the mean is known. */
  constructor(
    model: string,
    stepNs: number,
    forecast: ModelForecast,
    { longRunMean, samples }: { readonly longRunMean: number; readonly samples: number },
  ) {
    const { steps, means, deviations, averageMeans, averageDeviations } = forecast;
    this.model = model;
    this.stepNs = stepNs;
    this.horizon = steps;
    this.longRunMean = longRunMean;
    this.#means = means.slice(0, steps);
    this.#averages = averageMeans.slice(0, steps);
    this.#common = new Float64Array(steps);
    this.#own = new Float64Array(steps);
    this.#averageDeviation = averageDeviations[steps - 1]!;
    // As far as an average over as many steps is from the mean, the mean of the samples is.
    const ofMean =
      samples === Number.POSITIVE_INFINITY ? 0 : averageDeviations[Math.min(samples, steps) - 1]!;
    let before = 0;
    for (let h = 1; h <= steps; h++) {
      const sum = h * averageDeviations[h - 1]!;
      const common = sum - before;
      this.#own[h - 1] = ownOf(deviations[h - 1]!, common);
      this.#common[h - 1] = Math.hypot(common, ofMean * returned(deviations[h - 1]!, deviations[steps - 1]!));
      before = sum;
    }
  }

  /** The load that is expected at that step, from 1. */
  mean(step: number): number {
    return step <= this.horizon ? this.#means[step - 1]! : this.longRunMean;
  }

  /** Standard deviation of the part of its error that all steps up to there share. */
  common(step: number): number {
    // The long-run mean is itself one of about so many samples: its error does not become smaller further on.
    return step <= this.horizon ? this.#common[step - 1]! : this.#averageDeviation;
  }

  /** Standard deviation of the part that is its own. */
  own(step: number): number {
    return this.#own[Math.min(step, this.horizon) - 1]!;
  }

  /** The load that is expected over the first `steps` steps, on the mean. */
  average(steps: number): number {
    const known = this.#averages[Math.min(steps, this.horizon) - 1]!;
    if (steps <= this.horizon) return known;
    return (this.horizon * known + (steps - this.horizon) * this.longRunMean) / steps;
  }
}

/**
 * How far a forecast has returned to the mean, 0 to 1, by how much of the load's own deviation its error has:
 * of what is known of the newest samples the rest is left.
 */
const returned = (deviation: number, last: number): number =>
  last === 0 ? 0 : 1 - Math.sqrt(Math.max(0, 1 - (deviation / last) ** 2));

const ownOf = (deviation: number, common: number): number =>
  Math.sqrt(Math.max(0, deviation ** 2 - common ** 2));
