/** The last samples of a window of fixed width, in order of size: one of them is replaced in O(width). */
export class SortedWindow {
  readonly #sorted: Float64Array;

  constructor(width: number) {
    this.#sorted = new Float64Array(width);
  }

  /** Begins with the samples of `x[end − width … end)`. */
  fill(x: Float64Array, end: number): void {
    const width = this.#sorted.length;
    for (let i = 0; i < width; i++) this.#sorted[i] = x[end - width + i]!;
    this.#sorted.sort();
  }

  /** `leaving` must be among the samples. */
  replace(leaving: number, entering: number): void {
    const sorted = this.#sorted;
    let at = sorted.indexOf(leaving);
    for (; at > 0 && sorted[at - 1]! > entering; at--) sorted[at] = sorted[at - 1]!;
    for (; at + 1 < sorted.length && sorted[at + 1]! < entering; at++) sorted[at] = sorted[at + 1]!;
    sorted[at] = entering;
  }

  /** The upper one of the middle two when the width is even. */
  get median(): number {
    return this.#sorted[this.#sorted.length >> 1]!;
  }
}
