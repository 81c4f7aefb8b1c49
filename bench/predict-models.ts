import { bareModel } from '../src/rps/backtest/forecaster.js';
import { SCORED_HORIZONS } from '../src/rps/backtest/protocol.js';
import { modelNamed } from '../src/rps/models/model-catalogue.js';
import type { BenchOptions } from './bench-options.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { errorRatio, scoreAll } from './predict-accuracy.js';
import { recordedSeries, scoresOfR } from './r-scores.js';

const MODELS = [
  ...['WEIGHTED', 'BEST', 'ARFIMA', 'ARI', 'AR', 'AR(16)', 'SES', 'THETA', 'HOLT', 'HAR'],
  ...['ARIMA(1,1,1)', 'ARMA(2,1)', 'MEDIAN', 'MEDIAN(5)', 'BM', 'LAST', 'MEAN'],
];

/**
 * The models of the catalogue beside each other: squared errors of p1 on recorded series as a fraction of those of R's `auto.arima`.
 * `--traces FOLDER` and `--r-scores FOLDER` name others than those of test/rps/fixtures.
 */
export function benchModels({ traces, rScores }: BenchOptions): BenchRow[] {
  const reference = scoresOfR(rScores, 'p1');
  const recorded = recordedSeries(traces, reference);
  return MODELS.flatMap((name) => {
    const scored = scoreAll(recorded, (size) => bareModel(modelNamed(name, size)!), 'p1');
    return SCORED_HORIZONS.map((h) => {
      const what = `${name}: squared error / auto.arima's, ${h} ahead, p1, ${scored.length} series`;
      return benchRow(what, errorRatio(scored, reference, 'AUTOARIMA', h), '', null);
    });
  });
}
