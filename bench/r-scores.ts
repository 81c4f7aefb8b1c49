import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProtocolName } from '../src/rps/backtest/protocol.js';

/** Recorded series and what R scored on them, by one of the protocols of docs/prediction.md. */
export interface Recorded {
  /** `group/name`, as in R's scores. */
  readonly series: string;
  readonly samples: Float64Array;
}

/** R's scores of one model on one series at one horizon. */
export type ScoresOfR = Readonly<Record<string, number>>;

const FIXTURES = new URL('../test/rps/fixtures/', import.meta.url).pathname;

/**
 * Every CSV file under `folder` of which R has scores; default: test/rps/fixtures/traces. Its series is the one in R's scores whose
 * name, without its group, is the file's.
 */
export function recordedSeries(folder: string | null, scores: ReadonlyMap<string, ScoresOfR>): Recorded[] {
  const names = new Map(
    [...scores.keys()].map((key) => key.split(' ')[0]!).map((name) => [name.split('/').at(-1), name]),
  );
  const root = folder ?? join(FIXTURES, 'traces');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.csv'))
    .sort()
    .flatMap((file) => {
      const series = names.get(
        file
          .split('/')
          .at(-1)!
          .replace(/\.csv$/, ''),
      );
      if (series === undefined) return [];
      const lines = readFileSync(join(root, file), 'utf8').trim().split('\n');
      return [{ series, samples: Float64Array.from(lines.slice(1), Number) }];
    });
}

/** By `series model h`, of the file `r-PROTOCOL-….csv` in `folder`; default: test/rps/fixtures. */
export function scoresOfR(folder: string | null, protocol: ProtocolName): ReadonlyMap<string, ScoresOfR> {
  const root = folder ?? FIXTURES;
  const file = readdirSync(root).find((name) => name.startsWith(`r-${protocol}-`) && name.endsWith('.csv'));
  if (file === undefined) throw new Error(`${root} has no r-${protocol}-….csv with R's scores`);
  const [header = [], ...rows] = readFileSync(join(root, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return new Map(
    rows.map((cells) => [
      cells.slice(0, 3).join(' '),
      Object.fromEntries(header.slice(3).map((name, i) => [name, Number(cells[i + 3])])),
    ]),
  );
}
