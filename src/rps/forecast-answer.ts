import type { HorizonAccuracy, LimitCalibration } from './calibration/conformal-calibration.js';
import type { PredictorStatus } from './predictor.js';
import type { SignalUnit } from './signal-catalogue.js';

/** Limits hold with probability `level` (two-sided), clipped to the signal's range as the mean is. */
export interface ForecastPoint {
  readonly mean: number;
  /** Variance of the error, in squares of the unit. */
  readonly variance: number;
  readonly lower: number;
  readonly upper: number;
}

export interface ForecastStep extends ForecastPoint {
  /** Time ahead of the last place of the signal's grid. */
  readonly horizonNs: number;
}

/** The answer of `vmc predict` and `GET /v1/forecast/{signal}`; plain JSON. */
export interface ForecastAnswer {
  readonly signal: string;
  readonly unit: SignalUnit;
  /** Wall-clock time of the newest sample, milliseconds since 1970. */
  readonly atMs: number;
  readonly stepNs: number;
  readonly level: number;
  /** One for each step up to the horizon; empty when `status` is `empty` or `lost`. */
  readonly steps: readonly ForecastStep[];
  /** The average over the whole horizon; null when `steps` is empty. */
  readonly average: ForecastPoint | null;
  /** `WEIGHTED`, or `LAST` while warming; null without a forecast. */
  readonly model: string | null;
  /** What the last fit took. */
  readonly fitNs: number;
  /** Samples behind the forecast. */
  readonly samples: number;
  /**
   * Share of its own past averages, over the tracked horizon nearest to this one, that fell inside their interval as it was
   * published, at `auditedLevel`; null while none has come due.
   */
  readonly coverage: number | null;
  /**
   * Mean squared error of those averages as a fraction of that of persistence (below 1 is better); null as
   * above.
   */
  readonly errorAgainstLast: number | null;
  /** The same for each tracked horizon, for single steps and averages. */
  readonly accuracy: readonly HorizonAccuracy[];
  /** The level nearest to `level` at which published intervals are audited: 0.5, 0.8, 0.9, 0.95, 0.98 or 0.99. */
  readonly auditedLevel: number;
  /** How far the limits of the average are corrected by past errors. */
  readonly calibration: LimitCalibration;
  readonly status: PredictorStatus;
}

/** Recorded samples; plain JSON. */
export interface HistoryAnswer {
  readonly signal: string;
  readonly unit: SignalUnit;
  /** Wall-clock time of the first value, milliseconds since 1970; what was asked for when there is none. */
  readonly fromMs: number;
  readonly stepNs: number;
  /** Means of the samples in each step; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface SignalInfo {
  readonly signal: string;
  readonly unit: SignalUnit;
  readonly stepNs: number;
  /** That are kept, gaps included. */
  readonly samples: number;
  /** Newest sample, null when it is lost. */
  readonly latest: number | null;
  /** A Boolean has samples but no forecast. */
  readonly forecast: boolean;
}
