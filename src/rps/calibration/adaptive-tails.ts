import { ErrorWindow } from './error-window.js';

/** Tails whose misses are tracked: this share of outcomes is to lie beyond a limit. Upper and lower ones each by itself. */
const TAILS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25] as const;
/** The probabilities that outcomes are to stay below the tracked limits with: lower tails, the median, upper tails. Rising. */
export const TRACKED: readonly number[] = [...TAILS, 0.5, ...TAILS.map((tail) => 1 - tail).reverse()];
const MEDIAN = TAILS.length;
/** The two-sided levels of the same limits, rising: 50% to 99%. */
export const TRACKED_LEVELS: readonly number[] = TAILS.map((tail) => 1 - 2 * tail).reverse();

/** Errors that a tail is taken from. */
export const ERRORS_KEPT = 600;
/** With fewer errors than this there is no calibration. */
export const ERRORS_NEEDED = 50;
/** A miss moves a tail's probability by this share of it, and by less where outcomes come late: over √steps. */
const RATE = 0.1;
/** Of the probability that a tail can ask for: a fifth beyond certainty, where limits go on beyond the errors seen. */
const MOST = 1.2;

/**
 * Quantiles of the errors of one forecast that correct themselves: a limit is the quantile of the last errors at an *effective*
 * probability, which rises whenever an outcome lies beyond the limit as it was made, and sinks a little when not, so that in
 * the long run the wanted share is missed whatever the errors do. One such probability for each tail.
 *
 * Source: Gibbs and Candès, Adaptive conformal inference under distribution shift, NeurIPS 34 (2021), α_{t+1} = α_t + γ (α −
 * miss_t); Angelopoulos, Candès, Tibshirani, Conformal PID control for time series prediction, NeurIPS 36 (2023), for one tail
 * at a time and limits beyond the scores seen.
 */
export class AdaptiveTails {
  readonly #errors = new ErrorWindow(ERRORS_KEPT);
  readonly #rate: number;
  readonly #steps: number;
  /** Errors ever added. */
  #seen = 0;
  /** By place in {@link TRACKED}: as the misses moved them, and the same never falling. */
  readonly #moved = Float64Array.from(TRACKED);
  readonly #effective = Float64Array.from(TRACKED);
  /** The last quantile that was asked for since anything was learned, for a forecast asks for the same at every step; NaN: none. */
  #asked = Number.NaN;
  #answer = 0;

  /** `steps`: how many forecasts are under way when the outcome of one comes. */
  constructor(steps: number) {
    this.#rate = RATE / Math.sqrt(steps);
    this.#steps = steps;
  }

  get errors(): number {
    return this.#errors.count;
  }

  get calibrated(): boolean {
    return this.#errors.count >= ERRORS_NEEDED;
  }

  clear(): void {
    this.#seen = 0;
    this.#asked = Number.NaN;
    this.#errors.clear();
    this.#moved.set(TRACKED);
    this.#effective.set(TRACKED);
  }

  /** Takes in an error, in the unit that quantiles are wanted in. */
  add(error: number): void {
    this.#errors.push(error);
    this.#seen++;
    this.#asked = Number.NaN;
  }

  /** Which limits of {@link TRACKED} an outcome lay beyond: bit k for place k. Only of limits that were calibrated. */
  missed(bits: number): void {
    const moved = this.#moved;
    for (let i = 0; i < TAILS.length; i++) {
      const tail = TAILS[i]!;
      const upper = TRACKED.length - 1 - i;
      const move = this.#rate * tail;
      moved[i] = clamp(moved[i]! - move * (((bits >> i) & 1) - tail), 1 - MOST, 0.5);
      moved[upper] = clamp(moved[upper]! + move * (((bits >> upper) & 1) - tail), 0.5, MOST);
    }
    this.#straighten();
  }

  /** The probability at which the quantile is taken for a limit at `probability`, in (0, 1); rises with it. */
  effective(probability: number): number {
    const last = TRACKED.length - 1;
    if (probability <= TRACKED[0]!) return this.#effective[0]! + probability - TRACKED[0]!;
    if (probability >= TRACKED[last]!) return this.#effective[last]! + probability - TRACKED[last]!;
    let k = 1;
    while (TRACKED[k]! < probability) k++;
    const share = (probability - TRACKED[k - 1]!) / (TRACKED[k]! - TRACKED[k - 1]!);
    return this.#effective[k - 1]! + share * (this.#effective[k]! - this.#effective[k - 1]!);
  }

  /** What an error stays below with `probability`; rises with it. */
  quantile(probability: number): number {
    if (probability !== this.#asked) {
      this.#answer = this.#errors.quantile(this.#outward(this.effective(probability)));
      this.#asked = probability;
    }
    return this.#answer;
  }

  /** The same at place k of {@link TRACKED}. */
  quantileAt(k: number): number {
    return this.#errors.quantile(this.#outward(this.#effective[k]!));
  }

  /**
   * Errors at neighbouring times overlap, so that n of them are worth about n / steps. While few have ever come, a tail is taken further
   * out, by what conformal quantiles add for so many, but to no less than half of it; later misses have had their say.
   */
  #outward(probability: number): number {
    const tail = Math.min(probability, 1 - probability);
    if (tail <= 0) return probability;
    const further = Math.max(tail / 2, tail - ((0.5 - tail) * this.#steps) / this.#seen);
    return probability < 0.5 ? further : 1 - further;
  }

  /** Each tail moves by itself: where one has overtaken the next one out, that one follows. */
  #straighten(): void {
    const effective = this.#effective;
    effective.set(this.#moved);
    this.#asked = Number.NaN;
    for (let k = MEDIAN + 1; k < TRACKED.length; k++)
      effective[k] = Math.max(effective[k]!, effective[k - 1]!);
    for (let k = MEDIAN - 1; k >= 0; k--) effective[k] = Math.min(effective[k]!, effective[k + 1]!);
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
