import { DirectModel } from './direct-model.js';

/** A model that says of every step ahead the same: some level of the newest samples. */
export abstract class LevelModel extends DirectModel {
  /** The level at the end of `x[… end)`; looks back at most `reach` samples. */
  protected abstract levelAt(x: Float64Array, end: number): number;
  protected abstract readonly reach: number;

  protected project(steps: number, means: Float64Array, x: Float64Array, end: number): void {
    means.fill(this.levelAt(x, end), 0, steps);
  }

  /** Measures the errors that the level would have had within the window. */
  protected measure(x: Float64Array, start: number, end: number): void {
    const { horizons, variances } = this;
    this.measured = this.measurable(end - start - this.reach);
    variances.fill(0);
    for (let t = start + this.reach; t < end; t++) {
      const level = this.levelAt(x, t);
      for (let i = 0; i < this.measured && t + horizons[i]! <= end; i++) {
        variances[i]! += (x[t + horizons[i]! - 1]! - level) ** 2;
      }
    }
    for (let i = 0; i < this.measured; i++) variances[i]! /= end - start - this.reach - horizons[i]! + 1;
  }
}
