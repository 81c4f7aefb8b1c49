import { readFileSync } from 'node:fs';
import { Bench } from 'tinybench';
import { AutoregressiveModel } from '../src/rps/models/autoregressive-model.js';
import { fitYuleWalker } from '../src/rps/models/yule-walker.js';
import { Predictor } from '../src/rps/predictor.js';
import { FastSensors } from '../src/rps/sensors/fast-sensors.js';
import { systemClock } from '../src/support/clock.js';
import { type BenchRow, benchRow } from './bench-row.js';

const TRACE = new URL('../test/rps/fixtures/traces/vm2-cpu-1hz.csv', import.meta.url);
/**
 * Calls timed together: enough to hide the clock's own cost, few enough to fit into one turn on a busy
 * processor.
 */
const BATCH = 10;

/** What prediction costs: medians in microseconds, on a recorded trace of 1 Hz host load and on this host. */
export async function benchRps(): Promise<BenchRow[]> {
  const trace = Float64Array.from(readFileSync(TRACE, 'utf8').trim().split('\n').slice(1), Number);
  const window = trace.subarray(0, 600);
  const model = new AutoregressiveModel();
  model.fit(window);
  const range = { minimum: 0, maximum: 100 };
  const [predictor, simple] = [
    new Predictor({ range }),
    new Predictor({ range, model: new AutoregressiveModel() }),
  ];
  predictor.fit(window);
  simple.fit(window);
  const sensor = new FastSensors();

  let next = 0;
  const sample = (): number => trace[next++ % trace.length]!;
  const refit = (): void => {
    model.step(sample());
    model.forecast(30);
  };
  const read = (): void => sensor.sample(systemClock.monotonicNs(), systemClock.wallMs(), [], () => {});
  const tasks: readonly Task[] = [
    { what: 'AR(16) fit, 600 samples', limit: 10, run: () => fitYuleWalker(window, 16) },
    {
      what: 'AR(16) forecast of 30 steps and averages, with errors',
      limit: 1,
      run: () => model.forecast(30),
    },
    { what: 'AR(16) fit, forecast of 30 steps and errors at every sample', limit: 2.5, run: refit },
    {
      what: 'Predictor of AR(16): the same, audited and calibrated',
      limit: 15,
      run: () => simple.step(sample()),
    },
    { what: 'Predictor of the default: one sample', limit: 50, run: () => predictor.step(sample()) },
    {
      what: 'Predictor: one query of 30 steps with limits',
      limit: 100,
      run: () => predictor.forecast(30, 0.95),
    },
    { what: 'sensors: one reading of this host', limit: 1000, run: read },
  ];
  const rows: BenchRow[] = [];
  for (const { what, limit, run } of tasks) rows.push(benchRow(what, await medianUs(run), 'us', limit));
  sensor.close();
  return rows;
}

interface Task {
  readonly what: string;
  readonly limit: number;
  readonly run: () => void;
}

/** Median time of one call, in microseconds. */
async function medianUs(run: () => void): Promise<number> {
  const bench = new Bench({ time: 500, warmupTime: 200 });
  bench.add('batch', () => {
    for (let i = 0; i < BATCH; i++) run();
  });
  const [task] = await bench.run();
  const result = task?.result;
  if (result === undefined || !('latency' in result)) throw new Error('the benchmark gave no result');
  return (1000 * (result.latency.p50 ?? result.latency.mean)) / BATCH;
}
