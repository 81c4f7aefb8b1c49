import { answerToShock, SHORTEST_RECURSION } from './linear-recursion.js';

/**
 * The weights ψ₀ = 1, ψ₁, …, ψ[count − 1] of the moving-average form of the autoregression with coefficients
 * φ₁ … φₚ: the error of an h-step forecast is Σ ψⱼ a[t+h−j] over j < h.
 * Source: Box, Jenkins, Reinsel, Time Series Analysis, section 5.2.1.
 */
export function psiWeights(coefficients: Float64Array, count: number): Float64Array {
  const length = Math.max(SHORTEST_RECURSION, coefficients.length);
  const reversed = new Float64Array(length);
  coefficients.forEach((coefficient, i) => {
    reversed[length - 1 - i] = coefficient;
  });
  const path = new Float64Array(length + Math.max(0, count - 1));
  answerToShock(reversed, path, count);
  return path.slice(length - 1, length - 1 + count);
}

/**
 * Covariance of the errors of forecasts 1 … h steps ahead, row by row (h × h), by
 * C[i+1, j+1] = C[i, j] + σ² ψᵢ ψⱼ, with C[0, ·] = C[·, 0] = 0.
 * Source: Dinda, A prediction-based real-time scheduling advisor, IPDPS 2002, section on the running time
 * advisor.
 */
export function errorCovariance(
  psi: Float64Array,
  innovationVariance: number,
  horizon: number,
): Float64Array {
  const covariance = new Float64Array(horizon * horizon);
  for (let i = 0; i < horizon; i++) {
    for (let j = 0; j < horizon; j++) {
      const before = i > 0 && j > 0 ? covariance[(i - 1) * horizon + j - 1]! : 0;
      covariance[i * horizon + j] = before + innovationVariance * psi[i]! * psi[j]!;
    }
  }
  return covariance;
}

/**
 * Standard deviation of the error of the average over the first 1, 2, …, `horizon` steps, without the
 * matrix: the sum of the errors of h steps is Σ a[t+s] Ψ[h−s] with Ψₘ = ψ₀ + … + ψₘ, so its variance is σ² Σ
 * Ψₘ² over m < h. Equal to the sum of all entries of {@link errorCovariance}.
 *
 * `skipped` steps lie between the newest sample and the first step of the average (samples that have not
 * come). `cumulative` is work space of at least `horizon + skipped`.
 */
export function averageDeviations(
  psi: Float64Array,
  innovationVariance: number,
  horizon: number,
  skipped: number,
  cumulative: Float64Array,
  out: Float64Array,
): void {
  if (skipped > 0) {
    averageAfterSkip(psi, innovationVariance, horizon, skipped, cumulative, out);
    return;
  }
  let [weight, squares] = [0, 0];
  for (let h = 1; h <= horizon; h++) {
    weight += psi[h - 1]!;
    squares += weight * weight;
    out[h - 1] = Math.sqrt(innovationVariance * squares) / h;
  }
}

/** Shocks before the first step of the average enter it with Ψ[skipped + h − s] − Ψ[skipped − s]. */
function averageAfterSkip(
  psi: Float64Array,
  innovationVariance: number,
  horizon: number,
  skipped: number,
  cumulative: Float64Array,
  out: Float64Array,
): void {
  let total = 0;
  for (let m = 0; m < horizon + skipped; m++) {
    total += psi[m]!;
    cumulative[m] = total;
  }
  for (let h = 1; h <= horizon; h++) {
    let squares = 0;
    for (let m = 0; m < skipped + h; m++) {
      const weight = cumulative[m]! - (m >= h ? cumulative[m - h]! : 0);
      squares += weight * weight;
    }
    out[h - 1] = Math.sqrt(innovationVariance * squares) / h;
  }
}
