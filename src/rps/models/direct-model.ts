import { horizonsUpTo, interpolate } from '../numeric/horizons.js';
import { DEFAULT_MAX_STEPS, type ForecastBuffer } from './model.js';
import { RefittedModel, type RefittedOptions } from './refitted-model.js';

/**
 * A model without weights of shocks: its error variance is measured over the window, at some horizons, and
 * interpolated between them. Of an average only a bound is known, the mean of the steps' deviations: it is
 * reached when all errors go the same way.
 */
export abstract class DirectModel extends RefittedModel {
  protected readonly horizons: Int32Array;
  /** How many of the horizons the present fit could measure. */
  protected measured = 1;
  /** Of the error at each measured horizon. */
  protected readonly variances: Float64Array;

  constructor(minimumSamples: number, options: RefittedOptions = {}) {
    super(minimumSamples, options);
    const { window = 600, maxSteps = DEFAULT_MAX_STEPS } = options;
    this.horizons = horizonsUpTo(Math.min(maxSteps, Math.floor(window / 4)));
    this.variances = new Float64Array(this.horizons.length);
  }

  protected deviate(steps: number, skipped: number, out: ForecastBuffer): void {
    const { deviations, averageDeviations } = out;
    interpolate(this.horizons, this.measured, this.variances, skipped, steps, deviations);
    let sum = 0;
    for (let h = 0; h < steps; h++) {
      deviations[h] = Math.sqrt(deviations[h]!);
      sum += deviations[h]!;
      averageDeviations[h] = sum / (h + 1);
    }
  }

  /** How many horizons leave three quarters of a window of `n` to measure on. */
  protected measurable(n: number): number {
    let count = 1;
    while (count < this.horizons.length && 4 * this.horizons[count]! <= n) count++;
    return count;
  }
}
