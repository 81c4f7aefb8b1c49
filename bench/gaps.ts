import { type MeasuredServer, measureGaps } from '../test/enforce/linux/gaps/gap-measurement.js';
import { aloneOnACore, crowded } from '../test/enforce/linux/gaps/gap-requests.js';
import { type BenchRow, benchRow } from './bench-row.js';

/** As long as the time that the stated error of a rate refers to. */
const SECONDS = 10;

/** Longest gaps of servers with busy threads, against those that the plan states. Needs root; takes a minute. */
export async function benchGaps(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const request of [...aloneOnACore(SECONDS), crowded(SECONDS)]) {
    rows.push(...(await measureGaps(request)).flatMap(toRows));
  }
  return rows;
}

function toRows({
  server,
  crowd,
  longestGapNs,
  stolenNs,
  rateOff,
  rateOffLimit,
  fidelity,
}: MeasuredServer): BenchRow[] {
  const who = `${server}, ${crowd === 1 ? 'alone on its core' : `with ${crowd - 1} others`}`;
  return [
    benchRow(
      `${who}: longest gap${withoutStolen(stolenNs)}`,
      longestGapNs / 1e6,
      'ms',
      (fidelity.worstGapNs ?? 0) / 1e6,
    ),
    benchRow(`${who}: rate off by`, Math.abs(rateOff) * 100, '% of it', percent(rateOffLimit)),
  ];
}

/** What is left out of a gap, in words; nothing where nothing is. */
export const withoutStolen = (stolenNs: number): string =>
  stolenNs > 0 ? ` without ${(stolenNs / 1e6).toFixed(1)} ms that the core stood still` : '';

const percent = (part: number): number => Number((part * 100).toPrecision(3));
