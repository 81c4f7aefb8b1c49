import { leastOnInterval } from './least-on-interval.js';

/** Below it a series is a difference taken once too often; from 1 on it has no level to be forecast about. */
const [LEAST, MOST] = [-0.3, 0.95];

/** Frequencies that are looked at: n^0.65, few enough that short memory does not pass for long. */
export const whittleFrequencies = (n: number): number => Math.floor(n ** 0.65);

/**
 * The memory d of a series, from the lowest frequencies of its periodogram, where the spectrum goes with
 * ω^−2d: 0 is none, 0.5 and more no longer has a mean, 1 is a random walk's. It is held within [−0.3, 0.95].
 *
 * Source: Robinson, Gaussian semiparametric estimation of long range dependence, Annals of Statistics 23 (1995);
 * beyond d = 0.5: Velasco, Gaussian semiparametric estimation of non-stationary time series, Journal of Time
 * Series Analysis 20 (1999).
 */
export class LocalWhittle {
  readonly #logs: Float64Array;
  #ordinates: Float64Array = new Float64Array(0);
  #count = 0;
  #meanLog = 0;
  /** Bound once: a search makes no function of its own. */
  readonly #objectiveAt = (d: number): number => this.#objective(d);

  constructor(capacity: number) {
    this.#logs = new Float64Array(Math.floor(capacity / 2));
  }

  /** From the first {@link whittleFrequencies} `ordinates` of a window of `n`; 0 where they are all 0. */
  memory(ordinates: Float64Array, n: number): number {
    this.#ordinates = ordinates;
    this.#count = whittleFrequencies(n);
    let [sum, power] = [0, 0];
    for (let j = 0; j < this.#count; j++) {
      const log = Math.log((2 * Math.PI * (j + 1)) / n);
      this.#logs[j] = log;
      sum += log;
      power += ordinates[j]!;
    }
    if (power === 0) return 0;
    this.#meanLog = sum / this.#count;
    return leastOnInterval(LEAST, MOST, this.#objectiveAt);
  }

  #objective(d: number): number {
    let sum = 0;
    for (let j = 0; j < this.#count; j++) sum += this.#ordinates[j]! * Math.exp(2 * d * this.#logs[j]!);
    return Math.log(sum / this.#count) - 2 * d * this.#meanLog;
  }
}
