/** The last `capacity` samples and gaps (NaN) of a series, in a ring that is allocated once. */
export class SampleWindow {
  readonly capacity: number;
  readonly #ring: Float64Array;
  #start = 0;
  #length = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#ring = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#start = 0;
    this.#length = 0;
  }

  /** Takes in a sample and returns the one that it pushed out, undefined while there was room. */
  push(sample: number): number | undefined {
    if (this.#length < this.capacity) {
      this.#ring[(this.#start + this.#length) % this.capacity] = sample;
      this.#length++;
      return undefined;
    }
    const dropped = this.#ring[this.#start];
    this.#ring[this.#start] = sample;
    this.#start = (this.#start + 1) % this.capacity;
    return dropped;
  }

  /** All of them, oldest first, in an array of its own. */
  toArray(): Float64Array {
    return Float64Array.from({ length: this.#length }, (_, i) => this.at(i));
  }

  /** From the oldest, 0, to the newest, length − 1; NaN outside. */
  at(index: number): number {
    if (index < 0 || index >= this.#length) return Number.NaN;
    return this.#ring[(this.#start + index) % this.capacity]!;
  }
}
