import type { Forecaster, MakeForecaster } from './forecaster.js';
import { HorizonScore, type HorizonScores } from './horizon-score.js';
import {
  BLOCK,
  HORIZON,
  isInformative,
  naiveScale,
  originsOf,
  type ProtocolName,
  SCORED_HORIZONS,
  trainingWindow,
} from './protocol.js';

/** Scores at one horizon. */
export interface BacktestScores extends HorizonScores {
  readonly h: number;
}

/**
 * How well a forecaster would have forecast `series` 1, 5, 10 and 30 steps ahead, by a protocol of
 * docs/prediction.md. A constant series has nothing to score: every `n` is 0. `series` has at least
 * LEAST_SAMPLES samples, none of them NaN.
 */
export function backtest(
  series: Float64Array,
  make: MakeForecaster,
  protocol: ProtocolName,
): BacktestScores[] {
  const window = trainingWindow(series.length);
  const forecaster = make({ window, maxSteps: HORIZON, refitEvery: BLOCK });
  const scores = SCORED_HORIZONS.map((h) => ({ h, score: new HorizonScore() }));
  const scoreAt = (origin: number, naive: number) => {
    const forecast = forecaster.forecast(SCORED_HORIZONS);
    if (forecast === null) return;
    for (const { h, score } of scores) score.add(series[origin + h - 1]!, forecast.get(h)!, naive);
  };
  if (protocol === 'p1') forecastAtOrigins(series, window, forecaster, scoreAt);
  else walk(series, window, forecaster, scoreAt);
  return scores.map(({ h, score }) => ({ h, ...score.scores() }));
}

type ScoreAt = (origin: number, naive: number) => void;

function forecastAtOrigins(
  series: Float64Array,
  window: number,
  forecaster: Forecaster,
  scoreAt: ScoreAt,
): void {
  for (const origin of originsOf(series.length)) {
    const training = series.subarray(origin - window, origin);
    if (!isInformative(training)) continue;
    forecaster.fit(training);
    scoreAt(origin, naiveScale(training));
  }
}

/** Made to refit itself once a block, so that it is fitted to the window before each. */
function walk(series: Float64Array, window: number, forecaster: Forecaster, scoreAt: ScoreAt): void {
  forecaster.fit(series.subarray(0, window));
  for (let block = window; block + HORIZON <= series.length; block += BLOCK) {
    const training = series.subarray(block - window, block);
    const informative = isInformative(training);
    const naive = naiveScale(training);
    for (let t = block; t < block + BLOCK && t < series.length; t++) {
      if (informative && t + HORIZON <= series.length) scoreAt(t, naive);
      forecaster.step(series[t]!);
    }
  }
}
