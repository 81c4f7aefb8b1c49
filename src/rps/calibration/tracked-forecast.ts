import { clip, type Range } from '../range.js';
import { AdaptiveTails, TRACKED } from './adaptive-tails.js';
import { ForecastRecord } from './forecast-record.js';

const WIDTH = TRACKED.length;
const MEDIAN = (WIDTH - 1) / 2;

/**
 * The forecasts of one kind at one horizon: those whose outcome has not come yet, with their limits as they were made, and what
 * those whose outcome came taught. Errors are kept in units of the scale that their forecast had. Allocates nothing after it was made.
 */
export class TrackedForecast {
  readonly steps: number;
  readonly tails: AdaptiveTails;
  readonly record: ForecastRecord | null;
  readonly #range: Range;
  // The forecast made at time t is in place t mod steps of each ring; NaN as mean: none.
  readonly #means: Float64Array;
  readonly #lasts: Float64Array;
  /** 0: what gave it is not calibrated. */
  readonly #scales: Float32Array;
  /** 1 where the limits came from errors. */
  readonly #calibrated: Uint8Array;
  /** Less the mean, by time and place in TRACKED. */
  readonly #limits: Float32Array;

  /** `every`: one forecast in so many is remembered. */
  constructor(steps: number, every: number, range: Range, audited: boolean) {
    this.steps = steps;
    this.tails = new AdaptiveTails(steps / every);
    this.record = audited ? new ForecastRecord(range) : null;
    this.#range = range;
    this.#means = new Float64Array(steps).fill(Number.NaN);
    this.#lasts = new Float64Array(steps);
    this.#scales = new Float32Array(steps);
    this.#calibrated = new Uint8Array(steps);
    this.#limits = new Float32Array(steps * WIDTH);
  }

  clear(): void {
    this.tails.clear();
    this.record?.clear();
    this.#means.fill(Number.NaN);
  }

  /** What came of the forecast made `steps` before `time`; NaN: it was missed. To be called before the next one is made. */
  observe(time: number, outcome: number): void {
    const place = time % this.steps;
    const mean = this.#means[place]!;
    if (Number.isNaN(mean) || Number.isNaN(outcome)) return;
    const scale = this.#scales[place]!;
    const limits = place * WIDTH;
    // Limits are kept in single precision; so is the error, or equal ones would lie beyond each other.
    const error = Math.fround(outcome - mean);
    let missed = 0;
    for (let k = 0; k < WIDTH; k++) {
      const limit = this.#limits[limits + k]!;
      if (k < MEDIAN ? error < limit : error > limit) missed |= 1 << k;
    }
    this.record?.add(outcome, mean, this.#lasts[place]!, this.#asPublished(missed, outcome, mean, limits));
    if (scale === 0) return;
    if (this.#calibrated[place] === 1) this.tails.missed(missed);
    this.tails.add(error / scale);
  }

  /** No forecast was made at `time`. */
  skip(time: number): void {
    this.#means[time % this.steps] = Number.NaN;
  }

  /**
   * The forecast made at `time`, and the sample it was made from; answers where in `limits` its limits less the mean are to be
   * written, by place in TRACKED.
   */
  remember(time: number, mean: number, last: number, scale: number): number {
    const place = time % this.steps;
    this.#means[place] = mean;
    this.#lasts[place] = last;
    this.#scales[place] = scale;
    this.#calibrated[place] = scale > 0 && this.tails.calibrated ? 1 : 0;
    return place * WIDTH;
  }

  get limits(): Float32Array {
    return this.#limits;
  }

  /** Clipping can only bring a limit to an outcome that is within the range. */
  #asPublished(missed: number, outcome: number, mean: number, limits: number): number {
    let published = missed;
    for (let bits = missed; bits !== 0; bits &= bits - 1) {
      const k = 31 - Math.clz32(bits & -bits);
      const limit = clip(mean + this.#limits[limits + k]!, this.#range);
      if (k < MEDIAN ? outcome >= limit : outcome <= limit) published &= ~(1 << k);
    }
    return published;
  }
}
