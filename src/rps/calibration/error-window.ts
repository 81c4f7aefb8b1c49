/**
 * What lies beyond the largest error seen: so many ranges of the errors (5% to 95%) for each unit of probability. A tail that
 * keeps missing asks for probabilities above 1, and its limit grows by this.
 */
const BEYOND = 10;

/** The last `capacity` errors of a forecast, signed, in order of time and in order of size. Allocates nothing after it was made. */
export class ErrorWindow {
  readonly capacity: number;
  readonly #ring: Float32Array;
  readonly #sorted: Float32Array;
  #count = 0;
  #next = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#ring = new Float32Array(capacity);
    this.#sorted = new Float32Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
    this.#next = 0;
  }

  push(error: number): void {
    const sorted = this.#sorted;
    const value = Math.fround(error);
    if (this.#count < this.capacity) {
      const at = this.#firstNotBelow(value);
      sorted.copyWithin(at + 1, at, this.#count);
      sorted[at] = value;
      this.#count++;
    } else {
      this.#replace(this.#ring[this.#next]!, value);
    }
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.capacity;
  }

  /** Moves only what lies between the two: with many windows, memory is what takes time. */
  #replace(old: number, value: number): void {
    const sorted = this.#sorted;
    const from = this.#firstNotBelow(old);
    const to = this.#firstNotBelow(value);
    if (to > from) {
      sorted.copyWithin(from, from + 1, to);
      sorted[to - 1] = value;
    } else {
      sorted.copyWithin(to + 1, to, from);
      sorted[to] = value;
    }
  }

  /**
   * What the next error stays below with this probability, were it exchangeable with those of the window: between the order
   * statistics at probability · (n + 1). Any number is a probability here; below 1 / (n + 1) and above n / (n + 1), outside
   * [0, 1] too, it goes on beyond the errors seen, in proportion to their range. Rises with `probability`. NaN without errors.
   */
  quantile(probability: number): number {
    const sorted = this.#sorted;
    const last = this.#count - 1;
    const place = probability * (this.#count + 1) - 1;
    if (place < 0) return sorted[0]! + (BEYOND * place * this.#range()) / (this.#count + 1);
    if (place >= last) return sorted[last]! + (BEYOND * (place - last) * this.#range()) / (this.#count + 1);
    const below = Math.floor(place);
    return sorted[below]! + (place - below) * (sorted[below + 1]! - sorted[below]!);
  }

  #range(): number {
    const last = this.#count - 1;
    return this.#sorted[Math.ceil(0.95 * last)]! - this.#sorted[Math.floor(0.05 * last)]!;
  }

  #firstNotBelow(value: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
