import {
  checkSample,
  checkSteps,
  DEFAULT_MAX_STEPS,
  ForecastBuffer,
  MAX_TRAILING_GAP,
  type Model,
  type ModelForecast,
} from './model.js';
import { SampleWindow } from './sample-window.js';

export interface WarmUpOptions {
  /** Samples that it looks at. Default 64. */
  readonly window?: number;
  readonly maxSteps?: number;
  /**
   * Standard deviation that the signal is taken to have before it was seen, weighed as one sample. Default:
   * the size of the largest sample so far (1 when all are 0).
   */
  readonly priorDeviation?: number;
}

/**
 * What is said of a series that is too short for a real model, from its first sample on: LAST, with errors
 * that are honest about not knowing. They are a random walk's, but no wider than the difference of two
 * independent samples can be; both variances count one prior observation, which a few quiet samples cannot
 * outweigh.
 */
export class WarmUpModel implements Model {
  readonly name = 'LAST';
  readonly minimumSamples = 1;
  readonly maxSteps: number;
  readonly #window: SampleWindow;
  readonly #buffer: ForecastBuffer;
  readonly #prior: number | undefined;
  #last = Number.NaN;
  #trailingGap = 0;

  constructor(options: WarmUpOptions = {}) {
    const { window = 64, maxSteps = DEFAULT_MAX_STEPS, priorDeviation } = options;
    this.maxSteps = maxSteps;
    this.#window = new SampleWindow(window);
    this.#buffer = new ForecastBuffer(maxSteps);
    this.#prior = priorDeviation;
  }

  get samples(): number {
    let count = 0;
    for (let i = 0; i < this.#window.length; i++) if (!Number.isNaN(this.#window.at(i))) count++;
    return count;
  }

  fit(window: Float64Array): void {
    this.#window.clear();
    this.#last = Number.NaN;
    this.#trailingGap = 0;
    for (const sample of window) this.step(sample);
  }

  step(sample: number): void {
    checkSample(sample);
    this.#window.push(sample);
    if (Number.isNaN(sample)) {
      this.#trailingGap++;
      return;
    }
    this.#trailingGap = 0;
    this.#last = sample;
  }

  forecast(steps: number): ModelForecast | null {
    checkSteps(steps, this.maxSteps);
    if (Number.isNaN(this.#last) || this.#trailingGap >= MAX_TRAILING_GAP) return null;
    const { level, walk } = this.#variances();
    const gap = this.#trailingGap;
    const buffer = this.#buffer;
    buffer.steps = steps;
    for (let h = 1; h <= steps; h++) {
      const walked = gap + ((h + 1) * (2 * h + 1)) / (6 * h);
      buffer.means[h - 1] = this.#last;
      buffer.deviations[h - 1] = Math.sqrt(Math.min(walk * (gap + h), 2 * level));
      buffer.averageDeviations[h - 1] = Math.sqrt(Math.min(walk * walked, 2 * level));
    }
    buffer.average();
    return buffer;
  }

  /** Of the samples about their mean, and of the steps between neighbours. */
  #variances(): { readonly level: number; readonly walk: number } {
    const window = this.#window;
    let [count, mean, squares, steps, stepSquares, largest] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < window.length; i++) {
      const sample = window.at(i);
      if (Number.isNaN(sample)) continue;
      count++;
      const before = sample - mean;
      mean += before / count;
      squares += before * (sample - mean);
      largest = Math.max(largest, Math.abs(sample));
      const step = sample - window.at(i - 1);
      if (Number.isNaN(step)) continue;
      steps++;
      stepSquares += step * step;
    }
    const prior = (this.#prior ?? (largest || 1)) ** 2;
    return {
      level: (squares + prior) / Math.max(1, count),
      walk: (stepSquares + 2 * prior) / (steps + 1),
    };
  }
}
