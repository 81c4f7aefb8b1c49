/** Weight of the newest error in what is recent, and of those of ten minutes in what is usual. */
const [RECENT, USUAL] = [0.1, 1 / 600];
/** What is usual counts this much in what is recent: after a quiet minute limits do not close entirely. */
const REST = 0.1;

/**
 * How large the errors one step ahead are of late against how large they usually are: limits at every horizon widen and narrow with its cube
 * root, at once, where errors at a long horizon tell only after it. The root keeps a burst from making limits as wild as itself.
 */
export class Volatility {
  #recent = 0;
  #usual = 0;
  #count = 0;
  #scale = 1;

  clear(): void {
    [this.#recent, this.#usual, this.#count, this.#scale] = [0, 0, 0, 1];
  }

  /** The error of a forecast one step ahead. */
  add(error: number): void {
    const size = Math.abs(error);
    this.#count++;
    this.#recent += Math.max(RECENT, 1 / this.#count) * (size - this.#recent);
    this.#usual += Math.max(USUAL, 1 / this.#count) * (size - this.#usual);
    const ratio = this.#usual > 0 ? this.#recent / this.#usual : 1;
    this.#scale = Math.cbrt((ratio + REST) / (1 + REST));
  }

  /** Above 0; 1 as usual. */
  get scale(): number {
    return this.#scale;
  }
}
