/**
 * Coefficients c₁ … cₚ of a polynomial 1 − Σ cᵢ zⁱ without a root inside the unit circle, from any real
 * numbers: tanh makes partial autocorrelations of them, Levinson's recursion coefficients. Every stationary
 * (or invertible) polynomial is reached. `scratch` is work space of `count`.
 *
 * Source: Monahan, A note on enforcing stationarity in autoregressive-moving average models, Biometrika 71
 * (1984); Jones, Technometrics 22 (1980).
 */
export function coefficientsFromReals(
  reals: Float64Array,
  start: number,
  count: number,
  scratch: Float64Array,
  out: Float64Array,
): void {
  for (let m = 0; m < count; m++) {
    const k = Math.tanh(reals[start + m]!);
    for (let i = 0; i < m; i++) scratch[i] = out[i]! - k * out[m - 1 - i]!;
    for (let i = 0; i < m; i++) out[i] = scratch[i]!;
    out[m] = k;
  }
}
