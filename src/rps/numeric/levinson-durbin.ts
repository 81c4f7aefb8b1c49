/**
 * Below this share of the variance what is left to predict is rounding: the recursion ends, later
 * coefficients are 0.
 */
const NOTHING_LEFT = 1e-14;

/**
 * Work space and result of {@link levinsonDurbin} for orders up to `order`; made once, used at every sample.
 */
export class LevinsonWork {
  readonly order: number;
  /** AR coefficients φ₁ … φₚ: x[t] − mean = Σ φᵢ (x[t−i] − mean) + error. */
  readonly coefficients: Float64Array;
  /** Partial autocorrelations at lags 1 … p. */
  readonly partial: Float64Array;
  /** Innovation variance of the fits of order 0 … p, not scaled for degrees of freedom. */
  readonly variances: Float64Array;

  constructor(order: number) {
    this.order = order;
    this.coefficients = new Float64Array(order);
    this.partial = new Float64Array(order);
    this.variances = new Float64Array(order + 1);
  }
}

/**
 * Solves the Yule-Walker equations of order `order` for `acov[0 … order]` in O(order²) and returns the
 * innovation variance. All of `work` is overwritten; coefficients past `order` are 0. A series without
 * variance has coefficients 0.
 *
 * Source: Durbin, The fitting of time-series models (1960); Brockwell and Davis, Time Series, proposition
 * 5.2.1.
 */
export function levinsonDurbin(acov: Float64Array, order: number, work: LevinsonWork): number {
  const { coefficients: phi, partial, variances } = work;
  phi.fill(0);
  partial.fill(0);
  let variance = Math.max(acov[0]!, 0);
  const negligible = NOTHING_LEFT * variance;
  variances[0] = variance;
  for (let m = 0; m < order; m++) {
    if (variance <= negligible) {
      variances.fill(variance, m + 1);
      return variance;
    }
    const reflection = reflectionAt(acov, phi, m, variance);
    partial[m] = reflection;
    extend(phi, m, reflection);
    variance *= 1 - reflection * reflection;
    variances[m + 1] = variance;
  }
  variances.fill(variance, order + 1);
  return variance;
}

function reflectionAt(acov: Float64Array, phi: Float64Array, m: number, variance: number): number {
  let [even, odd] = [acov[m + 1]!, 0];
  let i = 0;
  // Two sums that do not wait for each other: this loop is most of a fit.
  for (; i + 1 < m; i += 2) {
    even -= phi[i]! * acov[m - i]!;
    odd -= phi[i + 1]! * acov[m - i - 1]!;
  }
  if (i < m) even -= phi[i]! * acov[m - i]!;
  // A positive semidefinite sequence gives at most 1 in size; rounding may not.
  return Math.min(1, Math.max(-1, (even + odd) / variance));
}

/** From the coefficients of order m to those of order m + 1, in place. */
export function extend(phi: Float64Array, m: number, reflection: number): void {
  for (let i = 0, j = m - 1; i < j; i++, j--) {
    const left = phi[i]!;
    const right = phi[j]!;
    phi[i] = left - reflection * right;
    phi[j] = right - reflection * left;
  }
  if (m % 2 === 1) phi[(m - 1) / 2]! *= 1 - reflection;
  phi[m] = reflection;
}
