import { extend } from './levinson-durbin.js';

/** Below this share of the variance what is left to predict is rounding: later coefficients are 0. */
const NOTHING_LEFT = 1e-14;

/** Work space and result of {@link burg} for windows up to `capacity` samples; made once. */
export class BurgWork {
  readonly order: number;
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  /** Partial autocorrelations at lags 1 … p. */
  readonly partial: Float64Array;
  /** Innovation variance of the fits of order 0 … p, not scaled for degrees of freedom. */
  readonly variances: Float64Array;

  constructor(order: number, capacity: number) {
    this.order = order;
    this.forward = new Float64Array(capacity);
    this.backward = new Float64Array(capacity);
    this.partial = new Float64Array(order);
    this.variances = new Float64Array(order + 1);
  }
}

/**
 * Burg's lattice over the `n` deviations from the mean in `work.forward`, which it overwrites: one pass an
 * order gives the partial autocorrelations and variances of all orders up to `order`, O(n · order).
 *
 * Source: Burg, Maximum entropy spectral analysis (1975); variances as R 4.2, stats:::ar.burg.default with
 * `var.method = 1`: σ²ₘ = σ²ₘ₋₁ (1 − k²).
 */
export function burg(n: number, order: number, work: BurgWork): void {
  const { forward: f, backward: b, partial, variances } = work;
  let squares = 0;
  let [cross, power] = [0, 0];
  for (let t = 0; t < n; t++) {
    const value = f[t]!;
    b[t] = value;
    squares += value * value;
    if (t === 0) continue;
    const before = b[t - 1]!;
    cross += value * before;
    power += value * value + before * before;
  }
  let variance = squares / n;
  const negligible = NOTHING_LEFT * variance;
  partial.fill(0);
  variances.fill(variance);
  for (let m = 1; m <= order && m < n && variance > negligible && power > 0; m++) {
    const k = (2 * cross) / power;
    partial[m - 1] = k;
    variance *= 1 - k * k;
    variances.fill(variance, m);
    // b[i] is the backward error of time i + m − 1: the one that stands beside f[i + m].
    let forward = f[m]!;
    let backward = b[0]!;
    f[m] = forward - k * backward;
    let before = backward - k * forward;
    b[0] = before;
    // Two sums of each kind that do not wait for each other: this loop is most of a fit.
    let [cross0, cross1, power0, power1] = [0, 0, 0, 0];
    let t = m + 1;
    for (; t + 1 < n; t += 2) {
      forward = f[t]!;
      backward = b[t - m]!;
      const forward1 = f[t + 1]!;
      const backward1 = b[t + 1 - m]!;
      const next = forward - k * backward;
      const middle = backward - k * forward;
      const next1 = forward1 - k * backward1;
      f[t] = next;
      f[t + 1] = next1;
      cross0 += next * before;
      power0 += next * next + before * before;
      cross1 += next1 * middle;
      power1 += next1 * next1 + middle * middle;
      before = backward1 - k * forward1;
      b[t - m] = middle;
      b[t + 1 - m] = before;
    }
    if (t < n) {
      forward = f[t]!;
      backward = b[t - m]!;
      const next = forward - k * backward;
      f[t] = next;
      b[t - m] = backward - k * forward;
      cross0 += next * before;
      power0 += next * next + before * before;
    }
    [cross, power] = [cross0 + cross1, power0 + power1];
  }
}

/** φ₁ … φ[order] into `coefficients` (the rest 0) from partial autocorrelations: Levinson's recursion. */
export function coefficientsOf(partial: Float64Array, order: number, coefficients: Float64Array): void {
  coefficients.fill(0);
  for (let m = 0; m < order; m++) extend(coefficients, m, partial[m]!);
}

/**
 * The order of 0 … `highest` with the least corrected AIC, n log σ² + n (n + p) / (n − p − 2); the first of
 * equals. A perfect fit ends the search.
 * Source: Hurvich, Tsai, Regression and time series model selection in small samples, Biometrika 76 (1989).
 */
export function orderOfLeastAicc(variances: Float64Array, highest: number, n: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let p = 0; p <= highest && p < n - 2; p++) {
    const variance = variances[p]!;
    if (variance <= NOTHING_LEFT * variances[0]!) return p;
    const aicc = n * Math.log(variance) + (n * (n + p)) / (n - p - 2);
    if (aicc < least) [best, least] = [p, aicc];
  }
  return best;
}
