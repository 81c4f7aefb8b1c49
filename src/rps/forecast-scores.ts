import type { Calibration, ForecastKind } from './calibration.js';
import type { ModelForecast } from './models/model.js';
import { SampleWindow } from './models/sample-window.js';
import { normalQuantile } from './numeric/normal.js';
import { clip, type Range } from './range.js';

/** How forecasts so many steps ahead have fared, over the last of them whose outcome is known. */
export interface HorizonAccuracy {
  readonly steps: number;
  readonly step: Accuracy;
  /** Of the average over the first `steps` steps. */
  readonly average: Accuracy;
}

export interface Accuracy {
  /** Forecasts whose outcome has come, at most {@link SCORES_KEPT}. */
  readonly scored: number;
  /** Share of outcomes inside the two-sided interval at the asked level; null when none was scored. */
  readonly coverage: number | null;
  /**
   * Mean squared error as a fraction of that of persistence (LAST); null when that made none, or none was
   * scored.
   */
  readonly errorAgainstLast: number | null;
}

/** Outcomes that coverage and error are taken over. */
export const SCORES_KEPT = 600;

/**
 * Audits forecasts while they are made: each one at a tracked horizon is kept until its outcome has come,
 * and its error recorded beside that of persistence. Outcomes that are gaps are not scored. Allocates
 * nothing on the step path.
 */
export class ForecastScores {
  /** In steps, rising. */
  readonly horizons: readonly number[];
  readonly #tracks: readonly HorizonTrack[];
  readonly #recent: SampleWindow;
  #time = 0;

  constructor(horizons: readonly number[], calibration: Calibration, range: Range) {
    this.horizons = [...horizons].sort((a, b) => a - b);
    this.#tracks = this.horizons.map((steps) => new HorizonTrack(steps, calibration, range));
    this.#recent = new SampleWindow(Math.max(1, ...horizons));
  }

  /** Scores the forecasts that were about this sample. To be called before {@link remember}, once a step. */
  score(sample: number): void {
    this.#recent.push(sample);
    this.#time++;
    for (const track of this.#tracks) track.score(this.#time, sample, this.#recent);
  }

  /** Keeps the forecast made after that sample; `last` is the newest sample that is no gap. */
  remember(forecast: ModelForecast | null, last: number): void {
    for (const track of this.#tracks) track.remember(this.#time, forecast, last);
  }

  /** At each tracked horizon, for two-sided intervals at `level`. */
  accuracy(level: number): HorizonAccuracy[] {
    const width = normalQuantile((1 + level) / 2);
    return this.#tracks.map((track) => ({
      steps: track.steps,
      step: track.step.accuracy(width),
      average: track.average.accuracy(width),
    }));
  }
}

/** The forecasts under way at one horizon; the one made at time t is in place t mod steps of each ring. */
class HorizonTrack {
  readonly steps: number;
  readonly step: ErrorRecord;
  readonly average: ErrorRecord;
  readonly #means: Float64Array;
  readonly #deviations: Float64Array;
  readonly #averageMeans: Float64Array;
  readonly #averageDeviations: Float64Array;
  readonly #lasts: Float64Array;

  constructor(steps: number, calibration: Calibration, range: Range) {
    this.steps = steps;
    this.step = new ErrorRecord('step', steps, calibration, range);
    this.average = new ErrorRecord('average', steps, calibration, range);
    this.#means = new Float64Array(steps).fill(Number.NaN);
    this.#deviations = new Float64Array(steps);
    this.#averageMeans = new Float64Array(steps);
    this.#averageDeviations = new Float64Array(steps);
    this.#lasts = new Float64Array(steps);
  }

  score(time: number, sample: number, recent: SampleWindow): void {
    const place = time % this.steps;
    const mean = this.#means[place]!;
    if (Number.isNaN(mean) || Number.isNaN(sample)) return;
    const last = this.#lasts[place]!;
    this.step.add(sample, mean, this.#deviations[place]!, last);
    let sum = 0;
    for (let back = 0; back < this.steps; back++) sum += recent.at(recent.length - 1 - back);
    if (Number.isNaN(sum)) return;
    const outcome = sum / this.steps;
    this.average.add(outcome, this.#averageMeans[place]!, this.#averageDeviations[place]!, last);
  }

  remember(time: number, forecast: ModelForecast | null, last: number): void {
    const place = time % this.steps;
    const at = this.steps - 1;
    this.#means[place] = forecast === null ? Number.NaN : forecast.means[at]!;
    if (forecast === null) return;
    this.#deviations[place] = forecast.deviations[at]!;
    this.#averageMeans[place] = forecast.averageMeans[at]!;
    this.#averageDeviations[place] = forecast.averageDeviations[at]!;
    this.#lasts[place] = last;
  }
}

/** The last errors of one kind of forecast at one horizon. */
class ErrorRecord {
  readonly #kind: ForecastKind;
  readonly #steps: number;
  readonly #calibration: Calibration;
  readonly #range: Range;
  readonly #errors = new Float32Array(SCORES_KEPT);
  /** In standard deviations: the share below any quantile gives the coverage at any level. */
  readonly #scaled = new Float32Array(SCORES_KEPT);
  readonly #lastErrors = new Float32Array(SCORES_KEPT);
  #count = 0;

  constructor(kind: ForecastKind, steps: number, calibration: Calibration, range: Range) {
    this.#kind = kind;
    this.#steps = steps;
    this.#calibration = calibration;
    this.#range = range;
  }

  add(outcome: number, mean: number, deviation: number, last: number): void {
    const place = this.#count % SCORES_KEPT;
    const error = outcome - mean;
    // Published means are clipped; intervals are taken about the mean as the model gave it, and their ends
    // clipped.
    this.#errors[place] = outcome - clip(mean, this.#range);
    this.#scaled[place] = error === 0 ? 0 : error / deviation;
    this.#lastErrors[place] = outcome - last;
    this.#count++;
    this.#calibration.observe(this.#kind, this.#steps, error, deviation);
  }

  accuracy(width: number): Accuracy {
    const scored = Math.min(this.#count, SCORES_KEPT);
    let [inside, squares, lastSquares] = [0, 0, 0];
    for (let i = 0; i < scored; i++) {
      if (Math.abs(this.#scaled[i]!) <= width) inside++;
      squares += this.#errors[i]! ** 2;
      lastSquares += this.#lastErrors[i]! ** 2;
    }
    return {
      scored,
      coverage: scored === 0 ? null : inside / scored,
      errorAgainstLast: lastSquares === 0 ? null : squares / lastSquares,
    };
  }
}
