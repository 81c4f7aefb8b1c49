import type { IntervalForecast, MakeForecaster } from './forecaster.js';
import { BLOCK, HORIZON, type ProtocolName, trainingWindow } from './protocol.js';

const AHEAD = Array.from({ length: HORIZON }, (_, i) => i + 1);

/**
 * What a backtest by that protocol has forecast of `series[origin …]`, knowing all before it: index h − 1 is h steps ahead; null: nothing. Throws a
 * RangeError unless the training window ≤ origin ≤ the series's length.
 */
export function forecastAt(
  series: Float64Array,
  make: MakeForecaster,
  protocol: ProtocolName,
  origin: number,
): readonly IntervalForecast[] | null {
  const window = trainingWindow(series.length);
  if (!Number.isInteger(origin) || origin < window || origin > series.length) {
    throw new RangeError(`a forecast is made at ${window} to ${series.length}, not at ${origin}`);
  }
  const forecaster = make({ window, maxSteps: HORIZON, refitEvery: BLOCK });
  const start = protocol === 'p1' ? origin : window;
  forecaster.fit(series.subarray(start - window, start));
  for (const sample of series.subarray(start, origin)) forecaster.step(sample);
  const forecast = forecaster.forecast(AHEAD);
  return forecast === null ? null : AHEAD.map((h) => forecast.get(h)!);
}
