import type { ArmaCoefficients, ArmaCriterion } from './arma-criterion.js';

/** From a prediction variance so near to that of a shock on, the filter has settled and only its state moves. */
const SETTLED = 1e-13;
/** Doublings of the time that the stationary variance is summed over: a root at 1 − 10⁻⁹ takes 30. */
const DOUBLINGS = 40;

/**
 * The exact Gaussian likelihood of an ARMA, by a Kalman filter from the stationary distribution: with one-step
 * errors v of variance σ²F, the greatest likelihood is where (Π F)^(1/n) Σ v²/F is least. Each error is divided
 * by √F and multiplied by the root of the first factor, so that it is a sum of squares.
 *
 * Source: Harvey, Phillips, Maximum likelihood estimation of regression models with autoregressive-moving average
 * disturbances, Biometrika 66 (1979); Ansley, Biometrika 66 (1979); R 4.2, `arima(method = "ML")`.
 */
export class ExactLikelihood implements ArmaCriterion {
  readonly errors: Float64Array;
  readonly shocks: Float64Array;
  variance = 0;
  readonly #size: number;
  readonly #state: Float64Array;
  /** Of the state's error, row by row, in units of σ². */
  readonly #covariance: Float64Array;
  readonly #gain: Float64Array;
  /** What a shock adds to the state: 1, θ₁, θ₂ … */
  readonly #loading: Float64Array;
  readonly #power: Float64Array;
  readonly #product: Float64Array;
  readonly #scratch: Float64Array;

  constructor(p: number, q: number, capacity: number) {
    const size = Math.max(p, q + 1);
    this.errors = new Float64Array(capacity);
    this.shocks = new Float64Array(capacity);
    this.#size = size;
    this.#state = new Float64Array(size);
    this.#gain = new Float64Array(size);
    this.#loading = new Float64Array(size);
    this.#covariance = new Float64Array(size * size);
    this.#power = new Float64Array(size * size);
    this.#product = new Float64Array(size * size);
    this.#scratch = new Float64Array(size * size);
  }

  run(series: Float64Array, n: number, mean: number, { phi, theta }: ArmaCoefficients): number {
    this.#begin(phi, theta);
    let [squares, logs] = [0, 0];
    let variance = this.#covariance[0]!;
    let settled = false;
    for (let t = 0; t < n; t++) {
      if (!settled) {
        variance = this.#covariance[0]!;
        settled = variance - 1 < SETTLED;
        this.#updateGain(phi, variance);
      }
      const error = series[t]! - mean - this.#state[0]!;
      this.shocks[t] = error;
      this.errors[t] = error / Math.sqrt(variance);
      squares += (error * error) / variance;
      logs += Math.log(variance);
      this.#moveState(phi, error);
      if (!settled) this.#moveCovariance(phi, variance);
    }
    this.variance = squares / n;
    const scale = Math.exp(logs / n);
    for (let t = 0; t < n; t++) this.errors[t]! *= Math.sqrt(scale);
    return squares * scale;
  }

  /** State 0, and its stationary covariance: the sum of A^k R R′ A′^k, twice as many terms at each round. */
  #begin(phi: Float64Array, theta: Float64Array): void {
    const size = this.#size;
    const [power, covariance, loading] = [this.#power, this.#covariance, this.#loading];
    this.#state.fill(0);
    power.fill(0);
    for (let i = 0; i < size; i++) {
      loading[i] = i === 0 ? 1 : (theta[i - 1] ?? 0);
      power[i * size] = phi[i] ?? 0;
      if (i + 1 < size) power[i * size + i + 1] = 1;
    }
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) covariance[i * size + j] = loading[i]! * loading[j]!;
    }
    for (let round = 0; round < DOUBLINGS; round++) {
      const before = covariance[0]!;
      multiply(power, covariance, size, false, this.#product);
      multiply(this.#product, power, size, true, this.#scratch);
      let change = 0;
      for (let i = 0; i < size * size; i++) {
        covariance[i]! += this.#scratch[i]!;
        change = Math.max(change, Math.abs(this.#scratch[i]!));
      }
      if (change <= SETTLED * before) break;
      multiply(power, power, size, false, this.#scratch);
      power.set(this.#scratch);
    }
  }

  /** K = A P e₁ / F. */
  #updateGain(phi: Float64Array, variance: number): void {
    const [size, p] = [this.#size, this.#covariance];
    for (let i = 0; i < size; i++) {
      const next = i + 1 < size ? p[(i + 1) * size]! : 0;
      this.#gain[i] = ((phi[i] ?? 0) * p[0]! + next) / variance;
    }
  }

  /** a ← A a + K v. */
  #moveState(phi: Float64Array, error: number): void {
    const state = this.#state;
    const first = state[0]!;
    for (let i = 0; i < state.length; i++) {
      const next = i + 1 < state.length ? state[i + 1]! : 0;
      state[i] = (phi[i] ?? 0) * first + next + this.#gain[i]! * error;
    }
  }

  /** P ← A P A′ + R R′ − K K′ F. */
  #moveCovariance(phi: Float64Array, variance: number): void {
    const [size, p, out] = [this.#size, this.#covariance, this.#scratch];
    const at = (i: number, j: number): number => (i < size && j < size ? p[i * size + j]! : 0);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        const [a, b] = [phi[i] ?? 0, phi[j] ?? 0];
        const moved = a * b * at(0, 0) + a * at(0, j + 1) + b * at(i + 1, 0) + at(i + 1, j + 1);
        const value =
          moved + this.#loading[i]! * this.#loading[j]! - this.#gain[i]! * this.#gain[j]! * variance;
        out[i * size + j] = value;
        out[j * size + i] = value;
      }
    }
    p.set(out);
  }
}

/** `out = a b`, or a b′, of square matrices, row by row. */
function multiply(
  a: Float64Array,
  b: Float64Array,
  size: number,
  transposed: boolean,
  out: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += a[i * size + k]! * b[transposed ? j * size + k : k * size + j]!;
      out[i * size + j] = sum;
    }
  }
}
