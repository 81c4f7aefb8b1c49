import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, type Plan } from '../src/compiler/index.js';
import { simulate, simulateWithDetail } from '../src/simulate/simulate.js';
import { parseInstant } from '../src/simulate/trace/parse-instant.js';
import { syntheticTrace } from '../src/simulate/trace/synthetic-trace.js';
import type { Trace } from '../src/simulate/trace/trace.js';
import { packageRoot } from '../src/support/package-root.js';
import { HOST } from '../test/compiler/support.js';
import { type BenchRow, benchRow } from './bench-row.js';

const DAYS = 30;
const SECONDS_PER_DAY = 86_400;
const LIMIT_SECONDS = 30;
/** Three forecasts at every second, one of them five minutes ahead: that alone is half of it. */
const FORECASTS_LIMIT_SECONDS = 45;
const DETAIL_LIMIT_SECONDS = 15;

/** CPU time, which others on the machine do not lengthen: a month at a step of one second, in policies with forecasts, budgets and limits that follow a forecast. */
export async function benchSimulation(): Promise<readonly BenchRow[]> {
  return [
    month('workstation.vmc', 'a forecast, a budget, duty cycles', (trace) => trace),
    month(
      'elastic.vmc',
      'three forecasts, a limit that follows one',
      (trace) => trace,
      FORECASTS_LIMIT_SECONDS,
    ),
    month('workstation.vmc', "guests' demands that never come again", withGuests),
    await inDetail('real-time.vmc'),
    await inDetail('volunteer-boinc.vmc'),
  ];
}

function month(
  name: string,
  what: string,
  prepare: (trace: Trace) => Trace,
  limit = LIMIT_SECONDS,
): BenchRow {
  const plan = planOf(name);
  const zone = plan.host.timezone;
  const startMs = parseInstant('2026-11-01', zone) ?? 0;
  const length = DAYS * SECONDS_PER_DAY;
  const trace = prepare(syntheticTrace({ startMs, stepMs: 1000, length, zone, seed: 1 }));
  const before = process.cpuUsage();
  simulate(plan, trace, { startMs });
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  return benchRow(`simulate ${name}, ${DAYS} days at 1 s (${what})`, seconds, 's of CPU', limit);
}

/** A month at steps of a minute, so that nearly all of it is the detail. */
async function inDetail(name: string): Promise<BenchRow> {
  const plan = planOf(name);
  const zone = plan.host.timezone;
  const startMs = parseInstant('2026-11-01', zone) ?? 0;
  const length = (DAYS * SECONDS_PER_DAY) / 60;
  const trace = syntheticTrace({ startMs, stepMs: 60_000, length, zone, seed: 1 });
  const before = process.cpuUsage();
  const { report } = await simulateWithDetail(plan, trace, { startMs });
  const { user, system } = process.cpuUsage(before);
  const { moments, changed, seconds } = report.detail ?? { moments: 0, changed: 0, seconds: 0 };
  const what = `${moments} moments and ${changed} changes, ${Math.round(seconds)} s of them`;
  return benchRow(
    `simulate ${name} --detail (${what})`,
    (user + system) / 1e6,
    's of CPU',
    DETAIL_LIMIT_SECONDS,
  );
}

function planOf(name: string): Plan {
  const file = join(packageRoot(), 'examples', 'policies', name);
  const facts = {
    ...HOST,
    sensors: [...HOST.sensors, 'host.temperature', 'host.pressure.cpu', 'guests.cpu'],
  };
  const { plan } = compile({ file: name, text: readFileSync(file, 'utf8') }, facts);
  if (plan === null) throw new Error(`${name} has no plan`);
  return plan;
}

/** Another demand at every step: no allocation is ever asked for twice. */
function withGuests(trace: Trace): Trace {
  const demand = Float64Array.from({ length: trace.length }, (_, at) => 3 + 2.5 * Math.sin(at / 977));
  return { ...trace, columns: new Map([...trace.columns, ['batch.demand', demand]]) };
}
