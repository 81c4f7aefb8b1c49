import type { Model } from '../models/model.js';
import type { ModelSize } from '../models/model-catalogue.js';
import { normalQuantile } from '../numeric/normal.js';
import type { Predictor } from '../predictor.js';

/** Levels of the intervals that are scored. */
export const LEVELS = [0.8, 0.95] as const;

/** What is said of one step ahead: a mean, and an interval for each of {@link LEVELS}. */
export interface IntervalForecast {
  readonly mean: number;
  readonly intervals: readonly [Interval, Interval];
}

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** What a backtest asks of whatever it scores. */
export interface Forecaster {
  /** Forgets everything and learns from `window`. */
  fit(window: Float64Array): void;
  step(sample: number): void;
  /** By steps ahead, for each of `horizons`; null: it has nothing to say. */
  forecast(horizons: readonly number[]): ReadonlyMap<number, IntervalForecast> | null;
}

/** Makes a forecaster that has seen nothing. */
export type MakeForecaster = (size: ModelSize) => Forecaster;

const WIDTHS = LEVELS.map((level) => normalQuantile((1 + level) / 2)) as [number, number];

/** A model by itself: its errors are taken for normal, of the deviation that it states. */
export function bareModel(model: Model): Forecaster {
  return {
    fit: (window) => model.fit(window),
    step: (sample) => model.step(sample),
    forecast: (horizons) => {
      const forecast = model.forecast(Math.max(...horizons));
      if (forecast === null) return null;
      const at = (h: number): IntervalForecast => {
        const [mean, deviation] = [forecast.means[h - 1]!, forecast.deviations[h - 1]!];
        const interval = (width: number) => ({
          lower: mean - width * deviation,
          upper: mean + width * deviation,
        });
        return { mean, intervals: [interval(WIDTHS[0]), interval(WIDTHS[1])] };
      };
      return new Map(horizons.map((h) => [h, at(h)]));
    },
  };
}

/** What the daemon publishes: a predictor whose signal has no bounds, for scores are of what is not clipped. */
export function published(predictor: Predictor): Forecaster {
  return {
    fit: (window) => predictor.fit(window),
    step: (sample) => predictor.step(sample),
    forecast: (horizons) => {
      const furthest = Math.max(...horizons);
      const [inner, outer] = LEVELS.map((level) => predictor.forecast(furthest, level).steps);
      if (!inner?.length || !outer?.length) return null;
      return new Map(
        horizons.map((h) => [h, { mean: inner[h - 1]!.mean, intervals: [inner[h - 1]!, outer[h - 1]!] }]),
      );
    },
  };
}
