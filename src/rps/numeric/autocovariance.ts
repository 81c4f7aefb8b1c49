/** Mean and biased autocovariance of a window that may have gaps. */
export interface Moments {
  /** Mean of the samples that are there; NaN when there is none. */
  mean: number;
  /** How many are there (gaps do not count). */
  samples: number;
}

/**
 * Sample autocovariance with divisor n: `out[k] = (1/n) Σ (x[t] − mean)(x[t+k] − mean)`, k = 0 … out.length
 * − 1, where n counts the samples that are not NaN. A pair with a gap contributes nothing, which keeps the
 * sequence positive semidefinite, so that an autoregression fitted to it is stationary.
 *
 * Source: Box, Jenkins, Reinsel, Time Series Analysis, section 2.1.5; gaps: Parzen, On spectral analysis
 * with missing observations and amplitude modulation, Sankhyā A 25 (1963). `deviations` is work space of at
 * least `x.length`.
 */
export function autocovariance(x: Float64Array, out: Float64Array, deviations: Float64Array): Moments {
  const n = x.length;
  let sum = 0;
  let samples = 0;
  for (let t = 0; t < n; t++) {
    const value = x[t]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    samples++;
  }
  if (samples === 0) {
    out.fill(0);
    return { mean: Number.NaN, samples };
  }
  const mean = sum / samples;
  for (let t = 0; t < n; t++) {
    const value = x[t]!;
    deviations[t] = Number.isNaN(value) ? 0 : value - mean;
  }
  laggedProducts(deviations, n, out);
  for (let k = 0; k < out.length; k++) out[k]! /= samples;
  return { mean, samples };
}

/**
 * `out[k] = Σ d[t]·d[t+k]` over t = 0 … n − 1 − k.
 * Four lags are summed side by side: the products of one lag wait for each other, those of different lags do
 * not.
 */
export function laggedProducts(d: Float64Array, n: number, out: Float64Array): void {
  const lags = out.length;
  let k = 0;
  for (; k + 3 < lags && k + 3 < n; k += 4) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    const end = n - k - 3;
    for (let t = 0; t < end; t++) {
      const value = d[t]!;
      s0 += value * d[t + k]!;
      s1 += value * d[t + k + 1]!;
      s2 += value * d[t + k + 2]!;
      s3 += value * d[t + k + 3]!;
    }
    // The last products, which the longer lags of the four no longer have.
    s0 += d[end]! * d[end + k]! + d[end + 1]! * d[end + 1 + k]! + d[end + 2]! * d[end + 2 + k]!;
    s1 += d[end]! * d[end + k + 1]! + d[end + 1]! * d[end + k + 2]!;
    s2 += d[end]! * d[end + k + 2]!;
    out[k] = s0;
    out[k + 1] = s1;
    out[k + 2] = s2;
    out[k + 3] = s3;
  }
  for (; k < lags; k++) {
    let sum = 0;
    for (let t = 0; t + k < n; t++) sum += d[t]! * d[t + k]!;
    out[k] = sum;
  }
}
