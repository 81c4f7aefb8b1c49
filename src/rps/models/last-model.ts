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
 * LAST (persistence): every step ahead is the last sample, its error that of a random walk with the window's
 * mean squared step. The reference that a forecast must beat to be worth anything.
 */
export class LastModel implements Model {
  readonly name = 'LAST';
  readonly minimumSamples = 2;
  readonly maxSteps: number;
  readonly #window: SampleWindow;
  readonly #buffer: ForecastBuffer;
  #last = Number.NaN;
  #samples = 0;
  #untilResync: number;
  /** Squared steps between neighbours of the window that are both there: their sum and number. */
  #squares = 0;
  #steps = 0;
  #trailingGap = 0;
  readonly #schedule: RefitSchedule;
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
    [this.#squares, this.#steps, this.#samples, this.#trailingGap] = [0, 0, 0, 0];
    this.#last = Number.NaN;
    for (const sample of window) this.step(sample);
    this.#estimate();
  }

  step(sample: number): void {
    checkSample(sample);
    const gap = Number.isNaN(sample);
    this.#trailingGap = gap ? this.#trailingGap + 1 : 0;
    const window = this.#window;
    this.#count(window.at(window.length - 1), sample, 1);
    const dropped = window.push(sample);
    if (dropped !== undefined) {
      this.#count(dropped, window.at(0), -1);
      if (!Number.isNaN(dropped)) this.#samples--;
    }
    if (!gap) {
      this.#last = sample;
      this.#samples++;
    }
    if (--this.#untilResync <= 0) this.#resync();
    if (this.#schedule.step()) this.#estimate();
  }

  forecast(steps: number): ModelForecast | null {
    checkSteps(steps, this.maxSteps);
    const variance = this.#variance;
    if (Number.isNaN(variance) || this.#trailingGap >= MAX_TRAILING_GAP) return null;
    const buffer = this.#buffer;
    const gap = this.#trailingGap;
    buffer.steps = steps;
    for (let h = 1; h <= steps; h++) {
      buffer.means[h - 1] = this.#last;
      buffer.deviations[h - 1] = Math.sqrt(variance * (gap + h));
      // Variance of the average of the first h places of a random walk that has gone `gap` steps before.
      buffer.averageDeviations[h - 1] = Math.sqrt(variance * (gap + ((h + 1) * (2 * h + 1)) / (6 * h)));
    }
    buffer.average();
    return buffer;
  }

  /** The variance of one step, NaN while there is none. */
  #estimate(): void {
    this.#schedule.fitted(this.#steps > 0);
    this.#variance = this.#steps === 0 ? Number.NaN : Math.max(0, this.#squares) / this.#steps;
  }

  #count(before: number, after: number, sign: 1 | -1): void {
    const step = after - before;
    if (Number.isNaN(step)) return;
    this.#squares += sign * step * step;
    this.#steps += sign;
  }

  /** Once a window: rounding errors of removal must not pile up. */
  #resync(): void {
    [this.#squares, this.#steps] = [0, 0];
    for (let i = 1; i < this.#window.length; i++) this.#count(this.#window.at(i - 1), this.#window.at(i), 1);
    this.#untilResync = this.#window.capacity;
  }
}
