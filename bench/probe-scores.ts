import type { BenchRow } from './bench-row.js';
import { LOADS, type Load, type Place, SIZES } from './probe-plan.js';

/** One probe: what was answered, what came, and what the two simple answers would have been. ns. */
export interface ProbeResult {
  readonly load: Load;
  readonly place: Place;
  readonly sizeSeconds: number;
  readonly workNs: number;
  readonly expectedNs: number;
  readonly lowerNs: number;
  readonly upperNs: number;
  readonly tookNs: number;
  /** If the load had stayed as it was. */
  readonly lastNs: number;
  /** Beside an owner who wants nothing. */
  readonly aloneNs: number;
  readonly outcomes: number;
}

const LEVEL = 0.95;
/** Of the pooled coverage, in points. */
const POINTS_WITHIN = 2;
const REJECTED_BELOW = 0.01;
/** Of the error of either simple answer, under heavy load. */
const ERROR_WITHIN = 0.8;
const NS_PER_S = 1e9;

/** What is promised of running times, by these probes. */
export function probeRows(results: readonly ProbeResult[]): readonly BenchRow[] {
  return [...coverageRows(results), ...cellRows(results), ...errorRows(results)];
}

function coverageRows(results: readonly ProbeResult[]): BenchRow[] {
  const coverage = (100 * results.filter(isInside).length) / results.length;
  const off = Math.abs(coverage - 100 * LEVEL);
  const below = (100 * results.filter(({ tookNs, lowerNs }) => tookNs < lowerNs).length) / results.length;
  return [
    row(`${results.length} probes: inside the 95% interval`, coverage, '%', null, true),
    row('that is off 95% by', off, 'points', POINTS_WITHIN, off <= POINTS_WITHIN),
    row('below the interval', below, '%', null, true),
  ];
}

function cellRows(results: readonly ProbeResult[]): BenchRow[] {
  return SIZES.flatMap((sizeSeconds) =>
    LOADS.flatMap((load) => {
      const cell = results.filter((one) => one.load === load && one.sizeSeconds === sizeSeconds);
      if (cell.length === 0) return [];
      const inside = cell.filter(isInside).length;
      const probability = binomialTest(inside, cell.length, LEVEL);
      const what = `${sizeSeconds} s, load ${load}: ${inside} of ${cell.length} inside, by chance`;
      return [row(what, probability, 'at least', REJECTED_BELOW, probability >= REJECTED_BELOW)];
    }),
  );
}

function errorRows(results: readonly ProbeResult[]): BenchRow[] {
  return LOADS.flatMap((load) => {
    const all = results.filter((one) => one.load === load);
    const outside = all.filter(({ place }) => place === 'outside');
    const sets = [
      ['', all],
      [', outside guests', outside],
    ] as const;
    return sets.flatMap(([where, some]) => (some.length === 0 ? [] : errorsOf(`load ${load}${where}`, some)));
  });
}

/** Only under heavy load, and of all probes together, is something promised. */
function errorsOf(what: string, results: readonly ProbeResult[]): BenchRow[] {
  const limit = what === 'load heavy' ? ERROR_WITHIN : null;
  const measures = [
    ['mean squared error', (error: number) => error ** 2],
    ['mean absolute error', Math.abs],
  ] as const;
  return measures.flatMap(([name, size]) => {
    const sum = (of: (one: ProbeResult) => number) =>
      results.reduce((total, one) => total + size((of(one) - one.tookNs) / NS_PER_S), 0);
    const own = sum(({ expectedNs }) => expectedNs);
    const ratios = [
      ['LAST', own / sum(({ lastNs }) => lastNs)],
      ['no contention', own / sum(({ aloneNs }) => aloneNs)],
    ] as const;
    return ratios.map(([other, ratio]) =>
      row(`${what}: ${name} against ${other}`, ratio, 'times', limit, limit === null || ratio <= limit),
    );
  });
}

const isInside = ({ tookNs, lowerNs, upperNs }: ProbeResult): boolean =>
  tookNs >= lowerNs && tookNs <= upperNs;

const row = (what: string, figure: number, unit: string, limit: number | null, ok: boolean): BenchRow => ({
  what,
  figure,
  unit,
  limit,
  ok,
});

/** Exact two-sided test: how probable are outcomes that are no more probable than this one. */
export function binomialTest(successes: number, trials: number, probability: number): number {
  const logs = [0];
  for (let k = 1; k <= trials; k++) logs.push(logs[k - 1]! + Math.log(k));
  const chance = (k: number): number =>
    Math.exp(
      logs[trials]! -
        logs[k]! -
        logs[trials - k]! +
        k * Math.log(probability) +
        (trials - k) * Math.log(1 - probability),
    );
  const own = chance(successes) * (1 + 1e-9);
  let sum = 0;
  for (let k = 0; k <= trials; k++) if (chance(k) <= own) sum += chance(k);
  return Math.min(1, sum);
}
