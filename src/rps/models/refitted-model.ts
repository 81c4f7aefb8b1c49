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

const REFIT_EVERY = 30;

export interface RefittedOptions {
  /** Samples that it is fitted to. Default 600. */
  readonly window?: number;
  /** Default 600. */
  readonly maxSteps?: number;
  /**
   * Samples between two fits, no more and no less. Default: 30, or fewer on an error alarm; of those that are
   * fitted by a sum kept up to date, or a recursion, 1.
   */
  readonly refitEvery?: number;
}

/**
 * A model that is fitted to its whole window now and then, and between two fits only carries its state on. A
 * gap stands at what was predicted for it when it was missed, in the fit too.
 */
export abstract class RefittedModel implements Model {
  abstract readonly name: string;
  readonly maxSteps: number;
  readonly minimumSamples: number;
  readonly window: number;

  readonly #schedule: RefitSchedule;
  readonly #alarmed: boolean;
  readonly #buffer: ForecastBuffer;
  /** The window is `#data[#end − #length … #end)`; moved to the front when the end is reached. */
  readonly #data: Float64Array;
  /** 1 where the sample was there. */
  readonly #there: Uint8Array;
  #end = 0;
  #length = 0;
  #samples = 0;
  /** Steps whose deviations the buffer has: of the present fit, unless the newest samples are missing. */
  #deviated = 0;
  /** Of the error one step ahead, by the present fit. */
  #deviation = 0;
  #fitted = false;
  #trailingGap = 0;

  constructor(minimumSamples: number, options: RefittedOptions = {}) {
    const { window = 600, maxSteps = DEFAULT_MAX_STEPS, refitEvery } = options;
    if (!Number.isInteger(window) || window < minimumSamples) {
      throw new RangeError(`the window must be at least ${minimumSamples} samples, not ${window}`);
    }
    this.minimumSamples = minimumSamples;
    this.window = window;
    this.maxSteps = maxSteps;
    this.#schedule = new RefitSchedule(refitEvery ?? REFIT_EVERY);
    this.#alarmed = refitEvery === undefined;
    this.#buffer = new ForecastBuffer(maxSteps);
    this.#data = new Float64Array(2 * window);
    this.#there = new Uint8Array(2 * window);
  }

  get samples(): number {
    return this.#samples;
  }

  fit(window: Float64Array): void {
    for (const sample of window) checkSample(sample);
    [this.#end, this.#length, this.#samples, this.#trailingGap] = [0, 0, 0, 0];
    this.#fitted = false;
    const newest = window.subarray(Math.max(0, window.length - this.window));
    for (const sample of newest) this.#push(sample);
    this.#estimate();
  }

  step(sample: number): void {
    checkSample(sample);
    if (this.#alarmed && this.#fitted) this.#schedule.observe(sample - this.#expected(), this.#deviation);
    this.#push(sample);
    if (this.#schedule.step()) this.#estimate();
  }

  forecast(steps: number): ModelForecast | null {
    checkSteps(steps, this.maxSteps);
    if (!this.#fitted || this.#trailingGap >= MAX_TRAILING_GAP) return null;
    const buffer = this.#buffer;
    buffer.steps = steps;
    this.project(steps, buffer.means, this.#data, this.#end);
    buffer.average();
    const skipped = this.#trailingGap;
    if (skipped > 0 || steps > this.#deviated) {
      this.deviate(steps, skipped, buffer);
      this.#deviated = skipped > 0 ? 0 : steps;
    }
    return buffer;
  }

  /** Fits to `x[start … end)`, at least `minimumSamples` long and without gaps, and sets the state at its end. */
  protected abstract estimate(x: Float64Array, start: number, end: number): void;
  /** Takes `sample` into the state. What only looks back at the samples needs nothing here. */
  protected advance(_sample: number): void {}
  /** Means 1 … `steps` ahead of `x[end − 1]`. */
  protected abstract project(steps: number, means: Float64Array, x: Float64Array, end: number): void;
  /**
   * Both deviations of `out`, when the last `skipped` samples were predicted ones. Depends on nothing else but
   * the fit; those of fewer steps are the first ones of more.
   */
  protected abstract deviate(steps: number, skipped: number, out: ForecastBuffer): void;

  #push(sample: number): void {
    const gap = Number.isNaN(sample);
    const value = gap ? this.#expected() : sample;
    this.#trailingGap = gap ? this.#trailingGap + 1 : 0;
    // Before the first sample there is nothing that could stand for a gap.
    if (Number.isNaN(value)) return;
    if (this.#end === this.#data.length) {
      this.#data.copyWithin(0, this.#end - this.#length, this.#end);
      this.#there.copyWithin(0, this.#end - this.#length, this.#end);
      this.#end = this.#length;
    }
    if (this.#length === this.window) this.#samples -= this.#there[this.#end - this.#length]!;
    else this.#length++;
    this.#data[this.#end] = value;
    this.#there[this.#end] = gap ? 0 : 1;
    this.#samples += gap ? 0 : 1;
    this.#end++;
    if (this.#fitted) this.advance(value);
  }

  #expected(): number {
    if (this.#length === 0) return Number.NaN;
    if (!this.#fitted) return this.#data[this.#end - 1]!;
    this.project(1, this.#buffer.means, this.#data, this.#end);
    return this.#buffer.means[0]!;
  }

  #estimate(): void {
    this.#fitted = this.#samples >= this.minimumSamples;
    this.#schedule.fitted(this.#fitted);
    if (!this.#fitted) return;
    this.estimate(this.#data, this.#end - this.#length, this.#end);
    this.#deviated = 0;
    if (!this.#alarmed) return;
    this.deviate(1, 0, this.#buffer);
    this.#deviation = this.#buffer.deviations[0]!;
  }
}
