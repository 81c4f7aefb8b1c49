import type { HistoryBlock } from './history-block.js';

/** A block that begins within this part of a step of where the last one ended follows it. */
const NEAR = 0.75;

/**
 * Blocks of one signal, in the order of time, put together on one grid of wall-clock time: means of what falls on each place. Samples
 * lie on monotonic time, which the wall clock is not quite true to; of blocks that follow each other no sample is put on the place of
 * another for that.
 */
export class HistoryGrid {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;
  #nextMs = Number.NaN;
  #nextPlace = 0;

  constructor(fromMs: number, stepMs: number, places: number) {
    this.fromMs = fromMs;
    this.stepMs = stepMs;
    this.#sums = new Float64Array(places);
    this.#weights = new Float64Array(places);
  }

  get places(): number {
    return this.#sums.length;
  }

  /** Takes in a block; what lies outside the grid is left out. */
  add({ fromMs, stepMs, values }: Omit<HistoryBlock, 'signal'>): void {
    const ratio = stepMs / this.stepMs;
    const follows = Math.abs(fromMs - this.#nextMs) < NEAR * stepMs;
    const start = follows ? this.#nextPlace : (fromMs - this.fromMs) / this.stepMs;
    for (let i = 0; i < values.length; i++) this.#addOne(start + i * ratio, values[i] ?? Number.NaN, stepMs);
    this.#nextMs = fromMs + values.length * stepMs;
    this.#nextPlace = start + values.length * ratio;
  }

  /** Means by place; NaN where nothing fell. */
  means(): Float32Array {
    return Float32Array.from(this.#sums, (sum, place) => sum / (this.#weights[place] ?? 0));
  }

  /** A sample weighs as much as the time for which it stands. */
  #addOne(position: number, value: number, weight: number): void {
    // What is a hair before a place, by rounding, is at it.
    const place = Math.floor(position + 1e-6);
    if (Number.isNaN(value) || !(place >= 0 && place < this.#sums.length)) return;
    this.#sums[place] = (this.#sums[place] ?? 0) + value * weight;
    this.#weights[place] = (this.#weights[place] ?? 0) + weight;
  }
}
