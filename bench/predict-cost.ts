import { readFileSync } from 'node:fs';
import { AutoregressiveModel } from '../src/rps/models/autoregressive-model.js';
import { BurgModel } from '../src/rps/models/burg-model.js';
import type { Model } from '../src/rps/models/model.js';
import { defaultModel } from '../src/rps/models/model-catalogue.js';
import { fitYuleWalker } from '../src/rps/models/yule-walker.js';
import { BurgWork, burg } from '../src/rps/numeric/burg.js';
import { Predictor } from '../src/rps/predictor.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { median } from './median.js';
import { type TimesOfR, timesOfR } from './r-times.js';

const TRACE = new URL('../test/rps/fixtures/traces/vm2-cpu-1hz.csv', import.meta.url);
const PERCENT = { minimum: 0, maximum: 100 };

/** What a fit, a forecast and a sample cost, beside R where it is installed, and what 1, 100 and 1,000 series at 1 Hz do to a core. */
export function benchPredictionCost(): BenchRow[] {
  const trace = Float64Array.from(readFileSync(TRACE, 'utf8').trim().split('\n').slice(1), Number);
  const r = timesOfR(TRACE.pathname);
  return [
    ...microCosts(trace, r),
    ...[1, 100, 1000].flatMap((series) => [
      pathCost(trace, series, 'AR(16)', () => new AutoregressiveModel()),
      pathCost(trace, series, 'default', defaultModel),
    ]),
  ];
}

function microCosts(trace: Float64Array, r: TimesOfR | null): BenchRow[] {
  const window = trace.subarray(0, 600);
  const model = new AutoregressiveModel();
  model.fit(window);
  const work = new BurgWork(16, 600);
  const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
  let next = 0;
  const refit = (): void => {
    model.step(trace[next++ % trace.length]!);
    model.forecast(30);
  };
  const fitBurg = (): void => {
    for (let t = 0; t < 600; t++) work.forward[t] = window[t]! - mean;
    burg(600, 16, work);
  };
  const wholeBurg = new BurgModel({ order: 16 });
  return [
    benchRow(
      'AR(16) fit, 600 samples, Yule-Walker',
      costUs(() => fitYuleWalker(window, 16)),
      'us',
      10,
    ),
    ...ofR('R: ar.yw(order 16), the same samples', r?.yuleWalkerUs),
    benchRow('AR(16) fit, 600 samples, Burg', costUs(fitBurg), 'us', 25),
    benchRow(
      'the same, with checks and psi weights',
      costUs(() => wholeBurg.fit(window)),
      'us',
      null,
    ),
    ...ofR('R: ar.burg(order 16), the same samples', r?.burgUs),
    benchRow(
      'AR(16) forecast of 30 steps and averages, with errors',
      costUs(() => model.forecast(30)),
      'us',
      0.5,
    ),
    ...ofR('R: predict.ar, 30 steps', r?.forecastUs),
    benchRow('AR(16) fit, forecast of 30 steps and errors at every sample', costUs(refit), 'us', 2.5),
  ];
}

const ofR = (what: string, us: number | undefined): BenchRow[] =>
  us === undefined ? [] : [benchRow(what, us, 'us', null)];

/** Median over batches of the mean time of one call, in microseconds; at most as many calls as fit into half a second. */
function costUs(run: () => void): number {
  const batches: number[] = [];
  for (let i = 0; i < 20_000; i++) run();
  const end = performance.now() + 500;
  while (performance.now() < end) {
    const start = performance.now();
    for (let i = 0; i < 50; i++) run();
    batches.push((1000 * (performance.now() - start)) / 50);
  }
  return median(batches);
}

/** Samples of each series that are timed, after so many that warm it up. */
const [TIMED, WARM_UP] = [60, 300];
/** Of a core, in percent, by series and model. */
const MOST: Readonly<Record<string, number>> = {
  '1 AR(16)': 0.1,
  '1 default': 0.1,
  '1000 AR(16)': 1.5,
  '1000 default': 5,
};

/**
 * CPU time of the path from sample to calibrated limits, as a share of a core when each of `series` has a sample a second. They
 * take turns as in the daemon, so that with many each finds the caches cold.
 */
function pathCost(trace: Float64Array, series: number, name: string, make: () => Model): BenchRow {
  const predictors = Array.from({ length: series }, () => new Predictor({ model: make(), range: PERCENT }));
  const sampleOf = (i: number, t: number): number => trace[(37 * i + t) % trace.length]!;
  predictors.forEach((predictor, i) => {
    predictor.fit(Float64Array.from({ length: WARM_UP }, (_, t) => sampleOf(i, t)));
  });
  // Few series are asked for more samples, or nothing could be read off the clock of CPU time.
  const rounds = Math.max(TIMED, Math.ceil(30_000 / series));
  const before = process.cpuUsage();
  for (let t = 0; t < rounds; t++) {
    predictors.forEach((predictor, i) => {
      predictor.step(sampleOf(i, WARM_UP + t));
    });
  }
  const { user, system } = process.cpuUsage(before);
  const percent = ((user + system) / 1e6 / rounds) * 100;
  const limit = MOST[`${series} ${name}`] ?? null;
  return benchRow(`${series} series at 1 Hz, ${name}, calibrated`, percent, '% of a core', limit);
}
