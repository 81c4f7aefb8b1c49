import { type BacktestScores, backtest } from '../src/rps/backtest/backtest.js';
import { bareModel, type MakeForecaster, published } from '../src/rps/backtest/forecaster.js';
import { type ProtocolName, SCORED_HORIZONS } from '../src/rps/backtest/protocol.js';
import { defaultModel, modelNamed } from '../src/rps/models/model-catalogue.js';
import { Predictor } from '../src/rps/predictor.js';
import type { BenchOptions } from './bench-options.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { type Recorded, recordedSeries, type ScoresOfR, scoresOfR } from './r-scores.js';

/** A forecaster on one series. */
export interface Scored {
  readonly series: string;
  readonly scores: readonly BacktestScores[];
}

/** The simple models that a better one must never be far behind. */
const SIMPLE = ['LAST', 'MEAN', 'AR16yw'] as const;
/** By steps ahead: what squared errors are to be of `auto.arima`'s, and how far coverage may be from its level, in points. */
const LARGEST_ERROR: Readonly<Record<number, number>> = { 1: 0.85, 5: 0.85, 10: 0.9, 30: 0.9 };
const LARGEST_MISS: Readonly<Record<number, number>> = { 1: 0.5, 5: 0.5, 10: 0.5, 30: 1.5 };
const INTERVALS = [
  { level: 80, coverage: 'cov80', score: 'iscore80' },
  { level: 95, coverage: 'cov95', score: 'iscore95' },
] as const;

/**
 * How good forecasts and their limits are on recorded series, against R's scores of the same by the same protocols (docs/prediction.md). `--traces
 * FOLDER` and `--r-scores FOLDER` name others than those of test/rps/fixtures.
 */
export function benchAccuracy({ traces, rScores }: BenchOptions): BenchRow[] {
  const [r1, r2] = [scoresOfR(rScores, 'p1'), scoresOfR(rScores, 'p2')];
  const recorded = recordedSeries(traces, r1);
  const daemon: MakeForecaster = (size) => published(new Predictor({ model: defaultModel(size) }));
  const [p1, p2] = [scoreAll(recorded, daemon, 'p1'), scoreAll(recorded, daemon, 'p2')];
  return [
    ...againstR(recorded, r1, r2),
    ...SCORED_HORIZONS.flatMap((h) => errors(p1, r1, h)),
    ...SCORED_HORIZONS.flatMap((h) => limits(p2, r2, h)),
  ];
}

/** What `make` makes, on each series by itself. */
export function scoreAll(
  recorded: readonly Recorded[],
  make: MakeForecaster,
  protocol: ProtocolName,
): Scored[] {
  return recorded.map(({ series, samples }) => ({ series, scores: backtest(samples, make, protocol) }));
}

type RScores = ReadonlyMap<string, ScoresOfR>;

/** AR(16) by Yule-Walker and by Burg is R's: the largest relative difference of any score, where R wrote seven digits. */
function againstR(recorded: readonly Recorded[], r1: RScores, r2: RScores): BenchRow[] {
  const pairs = [
    ['AR(16)', 'AR16yw'],
    ['BURG(16)', 'AR16burg'],
  ] as const;
  return pairs.map(([ours, theirs]) => {
    let largest = 0;
    for (const [protocol, reference] of [
      ['p1', r1],
      ['p2', r2],
    ] as const) {
      const scored = scoreAll(recorded, (size) => bareModel(modelNamed(ours, size)!), protocol);
      for (const { scores, series } of scored) {
        for (const { h, mse } of scores) {
          const wanted = reference.get(`${series} ${theirs} ${h}`)?.['mse'];
          if (wanted !== undefined && mse !== null) largest = Math.max(largest, Math.abs(mse / wanted - 1));
        }
      }
    }
    return benchRow(`${ours} against R, squared errors of p1 and p2, largest difference`, largest, '', 1e-6);
  });
}

/** Squared errors of p1 against R's: geometric means over the series. */
function errors(scored: readonly Scored[], reference: RScores, h: number): BenchRow[] {
  const ratio = (model: string): number => errorRatio(scored, reference, model, h);
  const best = Math.max(...SIMPLE.map(ratio));
  const about = `${h} ahead, p1, ${scored.length} series`;
  return [
    benchRow(`squared error / auto.arima's, ${about}`, ratio('AUTOARIMA'), '', LARGEST_ERROR[h]!),
    benchRow(`squared error / best of LAST, MEAN, AR(16), ${about}`, best, '', 1.05),
  ];
}

/** Squared errors as a fraction of those of R's `model`: the geometric mean over the series. */
export function errorRatio(scored: readonly Scored[], reference: RScores, model: string, h: number): number {
  const ratios = scored.flatMap(({ series, scores }) => {
    const ours = scores.find((one) => one.h === h)?.mse;
    const theirs = reference.get(`${series} ${model} ${h}`)?.['mse'];
    return ours && theirs ? [ours / theirs] : [];
  });
  return geometricMean(ratios);
}

/** Coverage and interval scores of p2. */
function limits(scored: readonly Scored[], reference: RScores, h: number): BenchRow[] {
  return INTERVALS.flatMap(({ level, coverage, score }) => {
    let [outcomes, inside, insideOfR] = [0, 0, 0];
    const misses: number[] = [];
    const ratios: number[] = [];
    for (const { series, scores } of scored) {
      const ours = scores.find((one) => one.h === h);
      const theirs = reference.get(`${series} AR16yw ${h}`);
      if (!ours?.n || theirs === undefined) continue;
      outcomes += ours.n;
      inside += ours.n * ours[coverage]!;
      insideOfR += ours.n * theirs[coverage]!;
      misses.push(Math.abs(100 * ours[coverage]! - level));
      ratios.push(ours[score]! / theirs[score]!);
    }
    const about = `${level}%, ${h} ahead, p2`;
    const covered = (100 * inside) / outcomes;
    const meanMiss = misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
    return [
      benchRow(`outcomes inside ${about}, of ${outcomes}`, covered, '%', null),
      benchRow(`outcomes inside, R's AR(16), ${about}`, (100 * insideOfR) / outcomes, '%', null),
      benchRow(`coverage off ${about}`, Math.abs(covered - level), 'points', LARGEST_MISS[h]!),
      benchRow(`coverage off ${about}, mean over series`, meanMiss, 'points', 1),
      benchRow(`interval score / R's AR(16), ${about}`, geometricMean(ratios), '', 0.95),
    ];
  });
}

function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}
