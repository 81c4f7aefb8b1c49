import type { Model } from '../models/model.js';
import type { ModelSize } from '../models/model-catalogue.js';
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

/** Makes a model that has seen nothing. */
export type MakeModel = (size: ModelSize) => Model;

/**
 * How well a model would have forecast `series` 1, 5, 10 and 30 steps ahead, by a protocol of
 * docs/prediction.md. A constant series has nothing to score: every `n` is 0. `series` has at least
 * LEAST_SAMPLES samples, none of them NaN.
 */
export function backtest(series: Float64Array, make: MakeModel, protocol: ProtocolName): BacktestScores[] {
  const window = trainingWindow(series.length);
  const model = make({ window, maxSteps: HORIZON, refitEvery: BLOCK });
  const scores = SCORED_HORIZONS.map((h) => ({ h, score: new HorizonScore() }));
  const scoreAt = (origin: number, naive: number) => {
    const forecast = model.forecast(HORIZON);
    if (forecast === null) return;
    for (const { h, score } of scores) {
      score.add(series[origin + h - 1]!, forecast.means[h - 1]!, forecast.deviations[h - 1]!, naive);
    }
  };
  if (protocol === 'p1') forecastAtOrigins(series, window, model, scoreAt);
  else walk(series, window, model, scoreAt);
  return scores.map(({ h, score }) => ({ h, ...score.scores() }));
}

type ScoreAt = (origin: number, naive: number) => void;

function forecastAtOrigins(series: Float64Array, window: number, model: Model, scoreAt: ScoreAt): void {
  for (const origin of originsOf(series.length)) {
    const training = series.subarray(origin - window, origin);
    if (!isInformative(training)) continue;
    model.fit(training);
    scoreAt(origin, naiveScale(training));
  }
}

/** Made to refit itself once a block, so that it is fitted to the window before each. */
function walk(series: Float64Array, window: number, model: Model, scoreAt: ScoreAt): void {
  model.fit(series.subarray(0, window));
  for (let block = window; block + HORIZON <= series.length; block += BLOCK) {
    const training = series.subarray(block - window, block);
    const informative = isInformative(training);
    const naive = naiveScale(training);
    for (let t = block; t < block + BLOCK && t < series.length; t++) {
      if (informative && t + HORIZON <= series.length) scoreAt(t, naive);
      model.step(series[t]!);
    }
  }
}
