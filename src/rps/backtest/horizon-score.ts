import { type Interval, type IntervalForecast, LEVELS } from './forecaster.js';

const LEAST_SCALE = 1e-12;

/** Scores of one model on one series at one horizon; null where nothing was scored. */
export interface HorizonScores {
  /** Forecasts scored. */
  readonly n: number;
  readonly mse: number | null;
  readonly mae: number | null;
  /** Absolute error relative to the mean absolute step within the training window. */
  readonly mase: number | null;
  /** Shares of the outcomes inside the closed intervals at 80% and 95%. */
  readonly cov80: number | null;
  readonly cov95: number | null;
  readonly iscore80: number | null;
  readonly iscore95: number | null;
}

/**
 * Adds up scores of forecasts. Interval score: Gneiting, Raftery, Strictly
 * proper scoring rules, JASA 102 (2007), section 6.2; MASE: Hyndman, Koehler, International Journal of
 * Forecasting 22 (2006).
 */
export class HorizonScore {
  #n = 0;
  #scaledN = 0;
  #squares = 0;
  #absolute = 0;
  #scaled = 0;
  readonly #inside = [0, 0];
  readonly #intervals = [0, 0];

  /** `naive`: of the training window (naiveScale). */
  add(outcome: number, { mean, intervals }: IntervalForecast, naive: number): void {
    const error = outcome - mean;
    this.#n++;
    this.#squares += error * error;
    this.#absolute += Math.abs(error);
    if (naive > LEAST_SCALE) {
      this.#scaled += Math.abs(error) / naive;
      this.#scaledN++;
    }
    this.#interval(0, outcome, intervals[0]);
    this.#interval(1, outcome, intervals[1]);
  }

  scores(): HorizonScores {
    const mean = (sum: number, n: number) => (n === 0 ? null : sum / n);
    const [inside80 = 0, inside95 = 0] = this.#inside;
    const [score80 = 0, score95 = 0] = this.#intervals;
    return {
      n: this.#n,
      mse: mean(this.#squares, this.#n),
      mae: mean(this.#absolute, this.#n),
      mase: mean(this.#scaled, this.#scaledN),
      cov80: mean(inside80, this.#n),
      cov95: mean(inside95, this.#n),
      iscore80: mean(score80, this.#n),
      iscore95: mean(score95, this.#n),
    };
  }

  #interval(which: 0 | 1, outcome: number, { lower, upper }: Interval): void {
    const beyond = Math.max(lower - outcome, outcome - upper, 0);
    this.#intervals[which]! += upper - lower + (2 / (1 - LEVELS[which])) * beyond;
    if (beyond === 0) this.#inside[which]!++;
  }
}
