import { readdirSync } from 'node:fs';
import { renderTable } from '../src/cli/render/table.js';
import type { BenchRow } from './bench-row.js';

/*
 * `npm run bench [-- MODULE…]`: every figure that is promised (SPECIFICATION.md), measured here and now. Each other module
 * of this folder exports functions `bench…` that answer rows. Exit code 1 when a figure breaks its limit.
 */

type Benchmark = () => Promise<readonly BenchRow[]> | readonly BenchRow[];

const NOT_BENCHMARKS = ['run', 'bench-row', 'large-host', 'large-policy', 'median'];

const wanted = process.argv.slice(2);
const names = readdirSync(new URL('.', import.meta.url))
  .map((file) => file.replace(/\.mjs$/, ''))
  .filter((name) => !/^shared-/.test(name))
  .filter((name) => !NOT_BENCHMARKS.includes(name) && (wanted.length === 0 || wanted.includes(name)))
  .sort();

const rows: BenchRow[] = [];
for (const name of names) {
  const module = (await import(new URL(`${name}.mjs`, import.meta.url).href)) as Readonly<
    Record<string, unknown>
  >;
  for (const [key, run] of Object.entries(module)) {
    if (/^bench[A-Z]/.test(key) && typeof run === 'function') rows.push(...(await (run as Benchmark)()));
  }
}
console.log(renderTable(['what', 'figure', 'limit', 'unit', ''], rows.map(cells)));
process.exitCode = rows.length > 0 && rows.every(({ ok }) => ok) ? 0 : 1;

function cells({ what, figure, unit, limit, ok }: BenchRow): string[] {
  return [what, figure.toPrecision(4), limit === null ? '-' : String(limit), unit, ok ? 'ok' : 'BROKEN'];
}
