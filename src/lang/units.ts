import { NS_PER_UNIT } from '../support/duration.js';

/** What a unit measures; the grammar asks for one of these at each place, and for any of them in a comparison. */
export type Dimension =
  | 'number'
  | 'percent'
  | 'time'
  | 'cpu'
  | 'size'
  | 'memory-fraction'
  | 'rate'
  | 'temperature'
  | 'iops'
  | 'work';

interface Unit {
  readonly dimension: Dimension;
  /** Of one unit in the base of its dimension: ns (of work: of one core), cores, bytes, bytes per second, °C; as a fraction num/den. */
  readonly num: bigint;
  readonly den: bigint;
}

const KILO = 1000n;
const KIBI = 1024n;

const unit = (dimension: Dimension, num: bigint, den = 1n): Unit => ({ dimension, num, den });

/** Every unit of the language that is written as one word. `%` and its forms are not words: see {@link unitOf}. */
const UNIT_WORDS: ReadonlyMap<string, Unit> = new Map([
  ...Object.entries(NS_PER_UNIT).map(([word, ns]) => [word, unit('time', ns)] as const),
  ['core', unit('cpu', 1n)],
  ['cores', unit('cpu', 1n)],
  ['B', unit('size', 1n)],
  ['KB', unit('size', KILO)],
  ['MB', unit('size', KILO ** 2n)],
  ['GB', unit('size', KILO ** 3n)],
  ['TB', unit('size', KILO ** 4n)],
  ['KiB', unit('size', KIBI)],
  ['MiB', unit('size', KIBI ** 2n)],
  ['GiB', unit('size', KIBI ** 3n)],
  ['TiB', unit('size', KIBI ** 4n)],
  ['bit/s', unit('rate', 1n, 8n)],
  ['Kbit/s', unit('rate', KILO, 8n)],
  ['Mbit/s', unit('rate', KILO ** 2n, 8n)],
  ['Gbit/s', unit('rate', KILO ** 3n, 8n)],
  ['B/s', unit('rate', 1n)],
  ['KB/s', unit('rate', KILO)],
  ['MB/s', unit('rate', KILO ** 2n)],
  ['GB/s', unit('rate', KILO ** 3n)],
  ['KiB/s', unit('rate', KIBI)],
  ['MiB/s', unit('rate', KIBI ** 2n)],
  ['GiB/s', unit('rate', KIBI ** 3n)],
  ['iops', unit('iops', 1n)],
  ['C', unit('temperature', 1n)],
  ...(
    [
      ['core-second', NS_PER_UNIT.s],
      ['core-minute', NS_PER_UNIT.min],
      ['core-hour', NS_PER_UNIT.h],
    ] as const
  ).flatMap(([word, ns]) => [[word, unit('work', ns)] as const, [`${word}s`, unit('work', ns)] as const]),
]);

/** Forms of `%`, which take more than one word. */
const PERCENT_FORMS: ReadonlyMap<string, Unit> = new Map([
  ['%', unit('percent', 1n)],
  ['% of cpu', unit('cpu', 1n, 100n)],
  ['% of a core', unit('cpu', 1n, 100n)],
  ['% of memory', unit('memory-fraction', 1n, 100n)],
]);

const NO_UNIT = unit('number', 1n);

export const unitWords = (): readonly string[] => [...UNIT_WORDS.keys()];

/** The unit written as `form` (`ms`, `% of cpu`, `''` for none); null when there is none of that name. */
export function unitOf(form: string): Unit | null {
  if (form === '') return NO_UNIT;
  return UNIT_WORDS.get(form) ?? PERCENT_FORMS.get(form) ?? null;
}
