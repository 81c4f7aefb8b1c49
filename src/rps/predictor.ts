import { checkLevel } from './calibration/check-level.js';
import {
  auditedLevel,
  CALIBRATED_HORIZONS,
  ConformalCalibration,
  type ForecastKind,
  type HorizonAccuracy,
  type LimitCalibration,
} from './calibration/conformal-calibration.js';
import {
  checkSample,
  checkSteps,
  DEFAULT_MAX_STEPS,
  ForecastBuffer,
  MAX_TRAILING_GAP,
  type Model,
  type ModelForecast,
} from './models/model.js';
import { defaultModel } from './models/model-catalogue.js';
import { WarmUpModel } from './models/warm-up-model.js';
import { clip, type Range, UNBOUNDED, uniformDeviation } from './range.js';

/** Steps ahead at which forecasts are audited. */
export const TRACKED_HORIZONS = [1, 5, 10, 30] as const;

export interface PredictorOptions {
  /** Default: {@link defaultModel} over a window of 600 samples. Not shared with another predictor. */
  readonly model?: Model;
  /** What the signal can be; forecasts are clipped to it. Default: unbounded. */
  readonly range?: Range;
  /** Default {@link TRACKED_HORIZONS}; each at most the model's `maxSteps`. */
  readonly horizons?: readonly number[];
  /** Steps ahead at which errors correct limits; more cost more at each sample. Default {@link CALIBRATED_HORIZONS} that the model reaches. */
  readonly calibrated?: readonly number[];
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
 * `variance` is that of the error, as the model states it. Limits are two-sided at the asked level, calibrated, and clipped to the
 * signal's range like the mean. They are quantiles: where errors lean to one side, a narrow interval may not hold the mean.
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
  /** How its own past forecasts fared, as published, at each tracked horizon, at {@link auditedLevel}. */
  readonly accuracy: readonly HorizonAccuracy[];
  /** The level nearest to the asked one at which published limits are audited: 50, 80, 90, 95, 98 or 99%. */
  readonly auditedLevel: number;
  /** Of the average over all the steps. */
  readonly calibration: LimitCalibration;
}

/** With fewer samples than this no model knows better than LAST with its wide errors, whatever it asks for itself. */
export const WARM_UP_SAMPLES = 20;
/** History beyond this changes little of what a predictor knows. */
const LONGEST_FIT = 2 * DEFAULT_MAX_STEPS;

/**
 * Forecasts one signal, measures how good its forecasts are while they are made, and corrects their limits by it. Pure: no clock but a
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
  readonly #calibration: ConformalCalibration;
  readonly #constant: ForecastBuffer;
  readonly #stopwatchNs: () => number;
  #last = Number.NaN;
  #trailingGap = 0;
  #equalRun = 0;
  #fitNs = 0;
  #status: PredictorStatus = 'empty';
  /** Too few samples for the model. */
  #warming = true;

  constructor(options: PredictorOptions = {}) {
    const { model = defaultModel(), range = UNBOUNDED, horizons = TRACKED_HORIZONS } = options;
    this.range = range;
    this.#model = model;
    const priorDeviation = uniformDeviation(range);
    this.#warmUp = new WarmUpModel({
      maxSteps: model.maxSteps,
      ...(priorDeviation === undefined ? {} : { priorDeviation }),
    });
    const calibrated = options.calibrated ?? CALIBRATED_HORIZONS.filter((steps) => steps <= model.maxSteps);
    for (const steps of [...horizons, ...calibrated]) checkSteps(steps, model.maxSteps);
    this.#calibration = new ConformalCalibration(horizons, calibrated, range);
    this.#constant = new ForecastBuffer(model.maxSteps);
    this.#stopwatchNs = options.stopwatchNs ?? (() => performance.now() * 1e6);
  }

  /** Most steps that a forecast looks ahead. */
  get maxSteps(): number {
    return this.#model.maxSteps;
  }

  get status(): PredictorStatus {
    return this.#status;
  }

  /**
   * Forgets everything and learns from `history`, oldest sample first, NaN for a gap; of more than 1,200 samples from the newest
   * ones. The model is fitted to the first half and forecasts its way through the second, from which limits are calibrated; in
   * the end it is fitted to all. Throws as {@link step} does.
   */
  fit(history: Float64Array): void {
    for (const sample of history) checkSample(sample);
    const newest = history.subarray(Math.max(0, history.length - LONGEST_FIT));
    const first = newest.subarray(0, Math.ceil(newest.length / 2));
    this.#calibration.clear();
    this.#warmUp.fit(first);
    [this.#last, this.#trailingGap, this.#equalRun] = [Number.NaN, 0, 0];
    for (const sample of first) this.#note(sample);
    this.#model.fit(first);
    this.#remember();
    for (const sample of newest.subarray(first.length)) this.step(sample);
    const start = this.#stopwatchNs();
    this.#model.fit(newest);
    this.#fitNs = this.#stopwatchNs() - start;
    this.#remember();
  }

  /**
   * Takes in the next sample, NaN for one that was missed; refits the model, scores the forecasts made
   * of it, and corrects limits by them. Throws a RangeError for an infinity or a number too large to square, and is then unchanged.
   */
  step(sample: number): void {
    checkSample(sample);
    this.#calibration.observe(sample);
    const start = this.#stopwatchNs();
    this.#model.step(sample);
    this.#fitNs = this.#stopwatchNs() - start;
    this.#warmUp.step(sample);
    this.#note(sample);
    this.#remember();
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
      accuracy: this.#calibration.accuracy(level),
      auditedLevel: auditedLevel(level),
      calibration: this.#calibration.limits(steps, level),
    };
    if (forecast === null) return { ...common, model: null, steps: [], averages: [] };
    return {
      ...common,
      model: this.#active().name,
      steps: this.#predictions('step', steps, forecast, level),
      averages: this.#predictions('average', steps, forecast, level),
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
    return this.#limit('average', steps, forecast, side === 'upper' ? level : 1 - level);
  }

  #statusNow(): PredictorStatus {
    if (Number.isNaN(this.#last)) return 'empty';
    if (this.#trailingGap >= MAX_TRAILING_GAP) return 'lost';
    if (this.#warming) return 'warming';
    return this.#equalRun >= this.#model.samples ? 'constant' : 'ready';
  }

  /** What is said of a constant is right while it lasts, and tells nothing of the errors once it moves. */
  get #learns(): boolean {
    return this.#status === 'ready';
  }

  #active(): Model {
    return this.#warming ? this.#warmUp : this.#model;
  }

  #note(sample: number): void {
    if (Number.isNaN(sample)) {
      this.#trailingGap++;
      // A gap as long as all that the model knew: its errors are no better known than the signal.
      if (this.#model.samples === 0) this.#calibration.clear();
      return;
    }
    this.#trailingGap = 0;
    this.#equalRun = sample === this.#last ? this.#equalRun + 1 : 1;
    this.#last = sample;
  }

  #remember(): void {
    this.#warming = this.#model.samples < Math.max(WARM_UP_SAMPLES, this.#model.minimumSamples);
    this.#status = this.#statusNow();
    const forecast = this.#predict(this.#calibration.reach);
    this.#calibration.remember(forecast, this.#last, this.#trailingGap, this.#learns);
  }

  #predict(steps: number): ModelForecast | null {
    return this.#status === 'constant' ? this.#stayAsNow(steps) : this.#active().forecast(steps);
  }

  #stayAsNow(steps: number): ModelForecast {
    const constant = this.#constant;
    constant.steps = steps;
    constant.means.fill(this.#last, 0, steps);
    constant.averageMeans.fill(this.#last, 0, steps);
    return constant;
  }

  #limit(kind: ForecastKind, steps: number, forecast: ModelForecast, probability: number): number {
    const mean = (kind === 'step' ? forecast.means : forecast.averageMeans)[steps - 1]!;
    const gap = this.#trailingGap;
    const offset = this.#calibration.offset(kind, steps, forecast, gap, this.#learns, probability);
    return clip(mean + offset, this.range);
  }

  #predictions(kind: ForecastKind, count: number, forecast: ModelForecast, level: number): Prediction[] {
    const [means, deviations] =
      kind === 'step'
        ? [forecast.means, forecast.deviations]
        : [forecast.averageMeans, forecast.averageDeviations];
    // One limit after the other: at one probability most of the work is the same for all steps.
    const limits = (probability: number): number[] =>
      Array.from({ length: count }, (_, i) => this.#limit(kind, i + 1, forecast, probability));
    const [lower, upper] = [limits((1 - level) / 2), limits((1 + level) / 2)];
    return Array.from({ length: count }, (_, i) => ({
      mean: clip(means[i]!, this.range),
      variance: deviations[i]! ** 2,
      lower: lower[i]!,
      upper: upper[i]!,
    }));
  }
}
