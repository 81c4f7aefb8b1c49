import { normalQuantile } from './numeric/normal.js';

/** What a forecast is about: the sample h steps ahead, or the average of the next h samples. */
export type ForecastKind = 'step' | 'average';

/**
 * Turns a forecast's mean and standard deviation into quantiles: the place where intervals learn from errors.
 * A calibration belongs to one predictor.
 */
export interface Calibration {
  /**
   * Value that what is forecast stays below with this probability, in (0, 1). Not clipped to the signal's
   * range.
   */
  quantile(kind: ForecastKind, steps: number, mean: number, deviation: number, probability: number): number;
  /**
   * Called on the step path for each forecast at a tracked horizon whose outcome has come: error = outcome −
   * mean.
   */
  observe(kind: ForecastKind, steps: number, error: number, deviation: number): void;
}

/** Normal errors of the deviation that the model states; learns nothing. */
export const gaussianCalibration: Calibration = {
  quantile: (_kind, _steps, mean, deviation, probability) =>
    deviation === 0 ? mean : mean + deviation * normalQuantile(probability),
  observe: () => {},
};

/** Throws a RangeError unless 0 < level < 1. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`a level lies between 0 and 1, not ${level}`);
}
