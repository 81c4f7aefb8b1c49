import { SortedWindow } from '../numeric/sorted-window.js';
import { LevelModel } from './level-model.js';
import type { RefittedOptions } from './refitted-model.js';

const WIDTH = 31;

/**
 * MEDIAN: the median of the newest 31 samples, which single bursts do not move.
 * Source: Wolski, Dynamically forecasting network performance using the Network Weather Service, Cluster
 * Computing 1 (1998).
 */
export class MedianModel extends LevelModel {
  readonly name = 'MEDIAN';
  protected readonly reach = WIDTH;
  readonly #newest = new SortedWindow(WIDTH);
  /** Where the samples of `#newest` end, and how many have come since. */
  #end = 0;
  #since = 0;

  constructor(options: RefittedOptions = {}) {
    super(2 * WIDTH, options);
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
      this.#newest.replace(x[end - 1 - WIDTH]!, x[end - 1]!);
    } else if (moved !== 0 || this.#since > 0) this.#newest.fill(x, end);
    [this.#end, this.#since] = [end, 0];
    return this.#newest.median;
  }
}
