import { clip, type Range } from '../range.js';
import { TRACKED } from './adaptive-tails.js';

export interface Accuracy {
  /** Forecasts whose outcome has come, at most {@link SCORES_KEPT}. */
  readonly scored: number;
  /** Share of outcomes inside the two-sided interval as it was published; null when none was scored. */
  readonly coverage: number | null;
  /**
   * Mean squared error as a fraction of that of persistence (LAST); null when that made none, or none was
   * scored.
   */
  readonly errorAgainstLast: number | null;
}

/** Outcomes that coverage and error are taken over. */
export const SCORES_KEPT = 600;

/** How the last forecasts of one kind at one horizon fared, mean and limits clipped as they were published. */
export class ForecastRecord {
  readonly #errors = new Float32Array(SCORES_KEPT);
  readonly #lastErrors = new Float32Array(SCORES_KEPT);
  /** Of each: bit k where the outcome lay beyond the limit at place k of {@link TRACKED}. */
  readonly #missed = new Uint16Array(SCORES_KEPT);
  /** By that place: how many of those kept. */
  readonly #misses = new Int32Array(TRACKED.length);
  readonly #range: Range;
  #count = 0;

  constructor(range: Range) {
    this.#range = range;
  }

  get scored(): number {
    return Math.min(this.#count, SCORES_KEPT);
  }

  clear(): void {
    this.#count = 0;
    this.#misses.fill(0);
  }

  add(outcome: number, mean: number, last: number, missed: number): void {
    const place = this.#count % SCORES_KEPT;
    if (this.#count >= SCORES_KEPT) this.#tally(this.#missed[place]!, -1);
    this.#errors[place] = outcome - clip(mean, this.#range);
    this.#lastErrors[place] = outcome - last;
    this.#missed[place] = missed;
    this.#tally(missed, 1);
    this.#count++;
  }

  /** Share of outcomes that were not beyond the limit at place k of TRACKED; null when none was scored. */
  held(k: number): number | null {
    return this.#count === 0 ? null : 1 - this.#misses[k]! / this.scored;
  }

  /** Two-sided, between the limits at place k of TRACKED and at the place opposite. */
  accuracy(k: number): Accuracy {
    const { scored } = this;
    const misses = this.#misses[k]! + this.#misses[TRACKED.length - 1 - k]!;
    const squares = sumOfSquares(this.#errors, scored);
    const lastSquares = sumOfSquares(this.#lastErrors, scored);
    return {
      scored,
      coverage: scored === 0 ? null : 1 - misses / scored,
      errorAgainstLast: lastSquares === 0 ? null : squares / lastSquares,
    };
  }

  #tally(missed: number, by: number): void {
    for (let bits = missed; bits !== 0; bits &= bits - 1) this.#misses[31 - Math.clz32(bits & -bits)]! += by;
  }
}

function sumOfSquares(values: Float32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]! * values[i]!;
  return sum;
}
