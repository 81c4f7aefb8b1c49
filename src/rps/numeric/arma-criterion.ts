/** A series of deviations from its mean is x[t] = Σ φᵢ x[t−i] + a[t] + Σ θⱼ a[t−j], with shocks a. */
export interface ArmaCoefficients {
  readonly phi: Float64Array;
  readonly theta: Float64Array;
}

/**
 * What a fit of an ARMA makes least, as a sum of squares. All work space is made once, for series of up to a
 * given length.
 */
export interface ArmaCriterion {
  /** The errors of the last {@link run} whose squares it summed. */
  readonly errors: Float64Array;
  /** The shocks a[t] that the coefficients imply, of the last run. */
  readonly shocks: Float64Array;
  /** Variance of the shocks, of the last run. */
  readonly variance: number;
  /** The sum of squares of the first `n` samples of `series` about `mean`. */
  run(series: Float64Array, n: number, mean: number, coefficients: ArmaCoefficients): number;
}

/**
 * Shocks given that those before the p-th sample were 0.
 * Source: Box, Jenkins, Reinsel, Time Series Analysis, section 7.1.2; R 4.2, `arima(method = "CSS")`.
 */
export class ConditionalSquares implements ArmaCriterion {
  readonly errors: Float64Array;
  variance = 0;

  constructor(capacity: number) {
    this.errors = new Float64Array(capacity);
  }

  get shocks(): Float64Array {
    return this.errors;
  }

  run(series: Float64Array, n: number, mean: number, { phi, theta }: ArmaCoefficients): number {
    const { errors } = this;
    const [p, q] = [phi.length, theta.length];
    errors.fill(0, 0, p);
    let squares = 0;
    for (let t = p; t < n; t++) {
      let error = series[t]! - mean;
      for (let i = 0; i < p; i++) error -= phi[i]! * (series[t - 1 - i]! - mean);
      for (let j = 0; j < q && j < t - p; j++) error -= theta[j]! * errors[t - 1 - j]!;
      errors[t] = error;
      squares += error * error;
    }
    this.variance = squares / (n - p);
    return squares;
  }
}
