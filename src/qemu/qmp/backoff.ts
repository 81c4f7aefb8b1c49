/** Delays between attempts that keep failing: each twice the one before, from `firstMs` to `longestMs`. */
export class Backoff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  #failures = 0;

  constructor(firstMs: number, longestMs: number) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
  }

  /** Counts a failure; how long to wait before the next attempt, in ms. */
  failed(): number {
    const delayMs = Math.min(this.#firstMs * 2 ** this.#failures, this.#longestMs);
    this.#failures += 1;
    return delayMs;
  }

  /** After a success the next failure starts from the shortest delay again. */
  succeeded(): void {
    this.#failures = 0;
  }
}
