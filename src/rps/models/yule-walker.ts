import { autocovariance } from '../numeric/autocovariance.js';
import { LevinsonWork, levinsonDurbin } from '../numeric/levinson-durbin.js';

/** An autoregression fitted to one window. */
export interface AutoregressiveFit {
  readonly order: number;
  readonly mean: number;
  /** φ₁ … φₚ. */
  readonly coefficients: Float64Array;
  /** Partial autocorrelations at lags 1 … the highest order that was looked at. */
  readonly partial: Float64Array;
  /** Innovation variance, scaled by n / (n − (p + 1)) for the parameters that were estimated. */
  readonly innovationVariance: number;
}

/**
 * Fits an autoregression of fixed order, or (`aic`) of the order up to `order` with the least AIC, by the
 * Yule-Walker equations with biased autocovariances: R's `ar.yw`, its scaling of the variance included. NaN
 * is a gap. Throws a RangeError when the window has too few samples for the order (order + 2 are needed).
 *
 * Source: R 4.2, stats:::ar.yw.default; Brockwell and Davis, Time Series: Theory and Methods, section 8.1.
 */
export function fitYuleWalker(
  window: Float64Array,
  order: number,
  options: { readonly aic?: boolean } = {},
): AutoregressiveFit {
  const acov = new Float64Array(order + 1);
  const { mean, samples } = autocovariance(window, acov, new Float64Array(window.length));
  if (samples < order + 2) {
    throw new RangeError(`an autoregression of order ${order} needs ${order + 2} samples, not ${samples}`);
  }
  const all = new LevinsonWork(order);
  levinsonDurbin(acov, order, all);
  const chosen = options.aic === true ? orderOfLeastAic(all.variances, samples) : order;
  const work = new LevinsonWork(chosen);
  const variance = levinsonDurbin(acov, chosen, work);
  return {
    order: chosen,
    mean,
    coefficients: work.coefficients,
    partial: all.partial,
    innovationVariance: scaledVariance(variance, samples, chosen),
  };
}

/** `variance · n / (n − (p + 1))`: p coefficients and the mean were estimated from the same n samples. */
export function scaledVariance(variance: number, samples: number, order: number): number {
  return (variance * samples) / (samples - (order + 1));
}

/** n log σ² + 2p; the first of equals. A variance of 0 is a perfect fit: nothing beyond it is looked at. */
function orderOfLeastAic(variances: Float64Array, samples: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let p = 0; p < variances.length; p++) {
    const aic = variances[p] === 0 ? Number.NEGATIVE_INFINITY : samples * Math.log(variances[p]!) + 2 * p;
    if (aic < least) [best, least] = [p, aic];
  }
  return best;
}
