import { SortedWindow } from '../numeric/sorted-window.js';
import { LevelModel } from './level-model.js';
import type { RefittedOptions } from './refitted-model.js';

/**
 * MEDIAN(p): the median of the newest p samples (31), which bursts shorter than half of that do not move.
 * Source: Wolski, Dynamically forecasting network performance using the Network Weather Service, Cluster
 * Computing 1 (1998).
 */
export class MedianModel extends LevelModel {
  readonly name: string;
  protected readonly reach: number;
  readonly #newest: SortedWindow;
  /** Where the samples of `#newest` end, and how many have come since. */
  #end = 0;
  #since = 0;

  /** Throws a RangeError unless 1 ≤ order; the higher one of the middle two when it is even. */
  constructor(options: RefittedOptions & { readonly order?: number } = {}) {
    const { order = 31 } = options;
    if (!Number.isInteger(order) || order < 1) throw new RangeError(`MEDIAN(${order}) is no model`);
    super(2 * order + 2, options);
    this.name = `MEDIAN(${order})`;
    this.reach = order;
    this.#newest = new SortedWindow(order);
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    this.#end = 0;
    this.measure(x, start, end);
  }

  protected override advance(): void {
    this.#since++;
  }

  protected levelAt(x: Float64Array, end: number): number {
    const moved = end - this.#end;
    if (moved === 1 && this.#since <= 1 && this.#end > 0) {
      this.#newest.replace(x[end - 1 - this.reach]!, x[end - 1]!);
    } else if (moved !== 0 || this.#since > 0) this.#newest.fill(x, end);
    [this.#end, this.#since] = [end, 0];
    return this.#newest.median;
  }
}
