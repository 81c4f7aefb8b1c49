import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderTable } from '../src/cli/render/table.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchRow } from './bench-row.js';

/*
 * `npm run bench [-- MODULE… [--minutes N] [--probes N] [--part NAME] [--results FILE] [--traces FOLDER] [--r-scores FOLDER]]`: every figure that is promised (SPECIFICATION.md), measured here and now. Each other module
 * of this folder exports functions `bench…` that answer rows; those that take minutes run when they are named. Exit
 * code 1 when a figure breaks its limit.
 */

type Benchmark = (options: BenchOptions) => Promise<readonly BenchRow[]> | readonly BenchRow[];

const LONG = [
  'conformance',
  'cost',
  'duty',
  'predict-accuracy',
  'predict-cost',
  'predict-models',
  'reservations',
  'running-time',
];
const NOT_BENCHMARKS = [
  'run',
  'bench-options',
  'bench-row',
  'cpu-ms',
  'large-host',
  'large-policy',
  'median',
  'query-client',
  'query-server',
  'on-real-host',
  'probe-guest',
  'probe-plan',
  'probe-process',
  'probe-scores',
  'r-scores',
  'r-times',
  'sched-trace',
];

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string' },
    probes: { type: 'string' },
    part: { type: 'string' },
    results: { type: 'string' },
    traces: { type: 'string' },
    'r-scores': { type: 'string' },
  },
});
const aboveZero = (option: 'minutes' | 'probes'): number | null => {
  const text = values[option];
  if (text === undefined) return null;
  if (Number(text) > 0) return Number(text);
  throw new RangeError(`--${option} takes a number above 0`);
};
const options: BenchOptions = {
  minutes: aboveZero('minutes'),
  probes: aboveZero('probes'),
  part: values.part ?? null,
  results: values.results ?? null,
  traces: values.traces ?? null,
  rScores: values['r-scores'] ?? null,
};
const names = readdirSync(new URL('.', import.meta.url))
  .map((file) => file.replace(/\.mjs$/, ''))
  .filter((name) => !/^shared-/.test(name))
  .filter((name) => !NOT_BENCHMARKS.includes(name))
  .filter((name) => (wanted.length === 0 ? !LONG.includes(name) : wanted.includes(name)))
  .sort();

const rows: BenchRow[] = [];
for (const name of names) {
  const module = (await import(new URL(`${name}.mjs`, import.meta.url).href)) as Readonly<
    Record<string, unknown>
  >;
  for (const [key, run] of Object.entries(module)) {
    if (/^bench[A-Z]/.test(key) && typeof run === 'function') {
      rows.push(...(await (run as Benchmark)(options)));
    }
  }
}
console.log(renderTable(['what', 'figure', 'limit', 'unit', ''], rows.map(cells)));
process.exitCode = rows.length > 0 && rows.every(({ ok }) => ok) ? 0 : 1;

function cells({ what, figure, unit, limit, ok }: BenchRow): string[] {
  return [what, figure.toPrecision(4), limit === null ? '-' : String(limit), unit, ok ? 'ok' : 'BROKEN'];
}
