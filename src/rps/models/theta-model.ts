import { SmoothingModel } from './smoothing-model.js';

/**
 * THETA: simple exponential smoothing with half the slope of the window's line of least squares as drift.
 *
 * Source: Assimakopoulos, Nikolopoulos, The theta model, International Journal of Forecasting 16 (2000); as
 * Hyndman, Billah, Unmasking the theta method, the same 19 (2003), R's `forecast::thetaf`.
 */
export class ThetaModel extends SmoothingModel {
  override readonly name = 'THETA';
  #drift = 0;
  /** Steps that smoothing lags behind the line. */
  #lag = 0;

  protected override estimate(x: Float64Array, start: number, end: number): void {
    super.estimate(x, start, end);
    const n = end - start;
    const middle = (n - 1) / 2;
    let [cross, power] = [0, 0];
    for (let t = 0; t < n; t++) {
      cross += (t - middle) * x[start + t]!;
      power += (t - middle) ** 2;
    }
    this.#drift = cross / power / 2;
    this.#lag = (1 - (1 - this.alpha) ** n) / this.alpha;
  }

  protected override project(steps: number, means: Float64Array): void {
    super.project(steps, means);
    for (let h = 0; h < steps; h++) means[h]! += this.#drift * (h + this.#lag);
  }
}
