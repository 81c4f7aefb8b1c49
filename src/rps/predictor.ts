import { type Calibration, checkLevel, type ForecastKind, gaussianCalibration } from './calibration.js';
import { ForecastScores, type HorizonAccuracy } from './forecast-scores.js';
import { AutoregressiveModel } from './models/autoregressive-model.js';
import { checkSample, checkSteps, MAX_TRAILING_GAP, type Model, type ModelForecast } from './models/model.js';
import { WarmUpModel } from './models/warm-up-model.js';
import { clip, type Range, UNBOUNDED, uniformDeviation } from './range.js';

/** Steps ahead at which forecasts are audited. */
export const TRACKED_HORIZONS = [1, 5, 10, 30] as const;

export interface PredictorOptions {
  /**
   * Default: AR(16) over a window of 600 samples, refitted at every sample. Not shared with another
   * predictor.
   */
  readonly model?: Model;
  /** What the signal can be; forecasts are clipped to it. Default: unbounded. */
  readonly range?: Range;
  /** Default {@link TRACKED_HORIZONS}; each at most the model's `maxSteps`. */
  readonly horizons?: readonly number[];
  /** Default {@link gaussianCalibration}. */
  readonly calibration?: Calibration;
  /** A stopwatch in nanoseconds for {@link PredictorForecast.fitNs}. Default: `performance.now()`. */
  readonly stopwatchNs?: () => number;
}

/**
 * `empty`: no sample yet. `warming`: too few for the model; LAST with wide errors stands in. `ready`.
 * `constant`: all samples of the window are equal, and so the forecast is that value with errors 0. `lost`:
 * the last 10 samples are missing, nothing can be said.
 */
export type PredictorStatus = 'empty' | 'warming' | 'ready' | 'constant' | 'lost';

/**
 * `variance` is that of the error. Limits are two-sided at the asked level, clipped to the signal's range
 * like the mean.
 */
export interface Prediction {
  readonly mean: number;
  readonly variance: number;
  readonly lower: number;
  readonly upper: number;
}

export interface PredictorForecast {
  readonly status: PredictorStatus;
  /** Name of the model that gave it; null where there is no forecast. */
  readonly model: string | null;
  /** Samples behind it, gaps not counted. */
  readonly samples: number;
  readonly level: number;
  /** [h − 1]: h steps past the last step. Empty when `empty` or `lost`. */
  readonly steps: readonly Prediction[];
  /** [h − 1]: the average over the first h steps. */
  readonly averages: readonly Prediction[];
  /** What the last fit took, in nanoseconds; 0 before the first. */
  readonly fitNs: number;
  /** How its own past forecasts fared, at each tracked horizon, at this level. */
  readonly accuracy: readonly HorizonAccuracy[];
}

/**
 * Forecasts one signal, and measures how good its forecasts are while they are made. Pure: no clock but a
 * stopwatch, no input or output. One call of {@link step} for each place of the signal's time grid, with NaN
 * where a sample was missed.
 *
 * ```ts
 * const predictor = new Predictor({ range: { minimum: 0, maximum: 100 } });
 * for (const sample of samples) predictor.step(sample);
 * predictor.forecast(10, 0.95).averages[9]; // the next ten steps on average: mean, variance, two-sided 95%
 * limits predictor.limit(10, 'upper', 0.95);       // what that average stays below with probability 0.95
 * ```
 */
export class Predictor {
  readonly range: Range;
  readonly #model: Model;
  readonly #warmUp: WarmUpModel;
  readonly #calibration: Calibration;
  readonly #scores: ForecastScores;
  readonly #trackedSteps: number;
  readonly #stopwatchNs: () => number;
  #last = Number.NaN;
  #trailingGap = 0;
  #equalRun = 0;
  #fitNs = 0;

  constructor(options: PredictorOptions = {}) {
    const { model = new AutoregressiveModel(), range = UNBOUNDED, horizons = TRACKED_HORIZONS } = options;
    this.range = range;
    this.#model = model;
    const priorDeviation = uniformDeviation(range);
    this.#warmUp = new WarmUpModel({
      maxSteps: model.maxSteps,
      ...(priorDeviation === undefined ? {} : { priorDeviation }),
    });
    this.#calibration = options.calibration ?? gaussianCalibration;
    this.#trackedSteps = Math.max(1, ...horizons);
    checkSteps(this.#trackedSteps, model.maxSteps);
    this.#scores = new ForecastScores(horizons, this.#calibration, range);
    this.#stopwatchNs = options.stopwatchNs ?? (() => performance.now() * 1e6);
  }

  /** Most steps that a forecast looks ahead. */
  get maxSteps(): number {
    return this.#model.maxSteps;
  }

  get status(): PredictorStatus {
    if (Number.isNaN(this.#last)) return 'empty';
    if (this.#trailingGap >= MAX_TRAILING_GAP) return 'lost';
    if (this.#model.samples < this.#model.minimumSamples) return 'warming';
    return this.#equalRun >= this.#model.samples ? 'constant' : 'ready';
  }

  /**
   * Takes in the next sample, NaN for one that was missed; refits the model, and scores the forecasts made
   * of it. Throws a RangeError for an infinity or a number too large to square, and is then unchanged.
   */
  step(sample: number): void {
    checkSample(sample);
    this.#scores.score(sample);
    const start = this.#stopwatchNs();
    this.#model.step(sample);
    this.#fitNs = this.#stopwatchNs() - start;
    this.#warmUp.step(sample);
    if (Number.isNaN(sample)) {
      this.#trailingGap++;
    } else {
      this.#trailingGap = 0;
      this.#equalRun = sample === this.#last ? this.#equalRun + 1 : 1;
      this.#last = sample;
    }
    this.#scores.remember(this.#predict(this.#trackedSteps), this.#last);
  }

  /** Throws a RangeError unless 1 ≤ steps ≤ maxSteps and 0 < level < 1. */
  forecast(steps: number, level: number): PredictorForecast {
    checkSteps(steps, this.maxSteps);
    checkLevel(level);
    const forecast = this.#predict(steps);
    const common = {
      status: this.status,
      samples: Number.isNaN(this.#last) ? 0 : this.#active().samples,
      level,
      fitNs: this.#fitNs,
      accuracy: this.#scores.accuracy(level),
    };
    if (forecast === null) return { ...common, model: null, steps: [], averages: [] };
    const { means, deviations, averageMeans, averageDeviations } = forecast;
    return {
      ...common,
      model: this.#active().name,
      steps: this.#predictions('step', steps, means, deviations, level),
      averages: this.#predictions('average', steps, averageMeans, averageDeviations, level),
    };
  }

  /**
   * What the average over the next `steps` steps stays below (`upper`) or above (`lower`) with probability
   * `level`, clipped to the range; null when nothing can be said. Throws as {@link forecast} does.
   */
  limit(steps: number, side: 'upper' | 'lower', level: number): number | null {
    checkLevel(level);
    checkSteps(steps, this.maxSteps);
    const forecast = this.#predict(steps);
    if (forecast === null) return null;
    const probability = side === 'upper' ? level : 1 - level;
    const mean = forecast.averageMeans[steps - 1]!;
    const deviation = forecast.averageDeviations[steps - 1]!;
    return clip(this.#calibration.quantile('average', steps, mean, deviation, probability), this.range);
  }

  #active(): Model {
    return this.#model.samples < this.#model.minimumSamples ? this.#warmUp : this.#model;
  }

  #predict(steps: number): ModelForecast | null {
    return this.#active().forecast(steps);
  }

  #predictions(
    kind: ForecastKind,
    count: number,
    means: Float64Array,
    deviations: Float64Array,
    level: number,
  ): Prediction[] {
    const [calibration, range] = [this.#calibration, this.range];
    const quantile = (h: number, probability: number): number =>
      clip(calibration.quantile(kind, h, means[h - 1]!, deviations[h - 1]!, probability), range);
    return Array.from({ length: count }, (_, i) => ({
      mean: clip(means[i]!, range),
      variance: deviations[i]! ** 2,
      lower: quantile(i + 1, (1 - level) / 2),
      upper: quantile(i + 1, (1 + level) / 2),
    }));
  }
}
