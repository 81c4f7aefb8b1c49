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
  readonly #sorted = new Float64Array(WIDTH);

  constructor(options: RefittedOptions = {}) {
    super(2 * WIDTH, options);
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    this.measure(x, start, end);
  }

  protected levelAt(x: Float64Array, end: number): number {
    const sorted = this.#sorted;
    for (let i = 0; i < WIDTH; i++) sorted[i] = x[end - WIDTH + i]!;
    sorted.sort();
    return sorted[(WIDTH - 1) / 2]!;
  }
}
