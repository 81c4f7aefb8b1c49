import { LevelModel } from './level-model.js';
import type { RefittedOptions } from './refitted-model.js';

/**
 * BM(p), best mean: the mean of the newest w samples, w of 1 … p being the one with the least squared error
 * one step ahead within the window.
 * Source: Dinda, O'Hallaron, Host load prediction using linear models, Cluster Computing 3 (2000).
 */
export class BestMeanModel extends LevelModel {
  readonly name: string;
  protected readonly reach: number;
  #width = 1;
  readonly #squares: Float64Array;
  /** 1 / w. */
  readonly #shares: Float64Array;

  /** Throws a RangeError unless 1 ≤ order. */
  constructor(options: RefittedOptions & { readonly order?: number } = {}) {
    const { order = 32 } = options;
    if (!Number.isInteger(order) || order < 1) throw new RangeError(`BM(${order}) is no model`);
    super(2 * order + 2, options);
    this.name = `BM(${order})`;
    this.reach = order;
    this.#squares = new Float64Array(order);
    this.#shares = Float64Array.from({ length: order }, (_, i) => 1 / (i + 1));
  }

  protected estimate(x: Float64Array, start: number, end: number): void {
    const squares = this.#squares;
    squares.fill(0);
    for (let t = start + this.reach; t < end; t++) {
      let sum = 0;
      for (let w = 1; w <= this.reach; w++) {
        sum += x[t - w]!;
        squares[w - 1]! += (x[t]! - sum * this.#shares[w - 1]!) ** 2;
      }
    }
    this.#width = 1;
    for (let w = 2; w <= this.reach; w++) if (squares[w - 1]! < squares[this.#width - 1]!) this.#width = w;
    this.measure(x, start, end);
  }

  protected levelAt(x: Float64Array, end: number): number {
    let sum = 0;
    for (let t = end - this.#width; t < end; t++) sum += x[t]!;
    return sum / this.#width;
  }
}
