import {
  checkSample,
  checkSteps,
  DEFAULT_MAX_STEPS,
  ForecastBuffer,
  MAX_TRAILING_GAP,
  type Model,
  type ModelForecast,
} from './model.js';
import { RefitSchedule } from './refit-schedule.js';
import type { RefittedOptions } from './refitted-model.js';
import { SampleWindow } from './sample-window.js';

/**
 * MEAN: every step ahead is the window's mean, its error that of one more independent sample, s √(1 + 1/n).
 * What a forecast of any model decays to far ahead; a reference to be measured against.
 */
export class MeanModel implements Model {
  readonly name = 'MEAN';
  readonly minimumSamples = 2;
  readonly maxSteps: number;
  readonly #window: SampleWindow;
  readonly #buffer: ForecastBuffer;
  /** Welford's mean and sum of squared deviations, run in both directions as the window slides. */
  #mean = 0;
  #squares = 0;
  #samples = 0;
  #untilResync: number;
  #trailingGap = 0;
  readonly #schedule: RefitSchedule;
  /** As of the last fit: mean, and mean square about it; NaN while there are too few samples. */
  #level = Number.NaN;
  #variance = Number.NaN;

  constructor(options: RefittedOptions = {}) {
    const { window = 600, maxSteps = DEFAULT_MAX_STEPS, refitEvery = 1 } = options;
    this.#schedule = new RefitSchedule(refitEvery);
    this.maxSteps = maxSteps;
    this.#window = new SampleWindow(window);
    this.#buffer = new ForecastBuffer(maxSteps);
    this.#untilResync = window;
  }

  get samples(): number {
    return this.#samples;
  }

  fit(window: Float64Array): void {
    this.#window.clear();
    [this.#mean, this.#squares, this.#samples, this.#trailingGap] = [0, 0, 0, 0];
    for (const sample of window) this.step(sample);
    this.#estimate();
  }

  step(sample: number): void {
    checkSample(sample);
    const gap = Number.isNaN(sample);
    this.#trailingGap = gap ? this.#trailingGap + 1 : 0;
    const dropped = this.#window.push(sample);
    if (dropped !== undefined && !Number.isNaN(dropped)) this.#remove(dropped);
    if (!gap) this.#add(sample);
    if (--this.#untilResync <= 0) this.#resync();
    if (this.#schedule.step()) this.#estimate();
  }

  forecast(steps: number): ModelForecast | null {
    checkSteps(steps, this.maxSteps);
    const n = this.#samples;
    const variance = this.#variance;
    if (Number.isNaN(variance) || n === 0 || this.#trailingGap >= MAX_TRAILING_GAP) return null;
    const buffer = this.#buffer;
    buffer.steps = steps;
    for (let h = 1; h <= steps; h++) {
      buffer.means[h - 1] = this.#level;
      buffer.deviations[h - 1] = Math.sqrt(variance * (1 + 1 / n));
      buffer.averageDeviations[h - 1] = Math.sqrt(variance * (1 / h + 1 / n));
    }
    buffer.average();
    return buffer;
  }

  #estimate(): void {
    const enough = this.#samples >= this.minimumSamples;
    this.#schedule.fitted(enough);
    this.#level = enough ? this.#mean : Number.NaN;
    this.#variance = enough ? Math.max(0, this.#squares) / (this.#samples - 1) : Number.NaN;
  }

  #add(sample: number): void {
    this.#samples++;
    const before = sample - this.#mean;
    this.#mean += before / this.#samples;
    this.#squares += before * (sample - this.#mean);
  }

  #remove(sample: number): void {
    this.#samples--;
    if (this.#samples === 0) {
      [this.#mean, this.#squares] = [0, 0];
      return;
    }
    const before = sample - this.#mean;
    this.#mean -= before / this.#samples;
    this.#squares -= before * (sample - this.#mean);
  }

  /** Once a window: rounding errors of removal must not pile up. */
  #resync(): void {
    [this.#mean, this.#squares, this.#samples] = [0, 0, 0];
    for (let i = 0; i < this.#window.length; i++) {
      const sample = this.#window.at(i);
      if (!Number.isNaN(sample)) this.#add(sample);
    }
    this.#untilResync = this.#window.capacity;
  }
}
