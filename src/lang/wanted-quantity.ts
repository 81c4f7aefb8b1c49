import { catalogue } from './catalogue.js';
import type { Fix } from './diagnostic.js';
import type { Reporter } from './reporter.js';
import type { Quantity } from './tree.js';
import type { Dimension } from './units.js';

/** What each place of the grammar asks for; an amount of memory, disk or network has that word behind it. */
export type Wanted =
  | 'number'
  | 'time'
  | 'cpu'
  | 'cpu-or-percent'
  | 'size'
  | 'percent'
  | 'work'
  | 'amount'
  | 'memory'
  | 'disk'
  | 'network'
  | 'comparable';

const ACCEPTED: Readonly<Record<Wanted, readonly Dimension[]>> = {
  number: ['number'],
  time: ['time'],
  cpu: ['cpu'],
  'cpu-or-percent': ['cpu', 'percent'],
  size: ['size'],
  percent: ['percent'],
  work: ['work'],
  amount: ['cpu', 'memory-fraction'],
  memory: ['size'],
  disk: ['rate', 'iops'],
  network: ['rate'],
  comparable: ['number', 'percent', 'time', 'cpu', 'size', 'memory-fraction', 'rate', 'temperature'],
};

const DESCRIBED: Readonly<Record<Wanted, readonly [wanted: string, example: string]>> = {
  number: ['a number without a unit', '4'],
  time: ['a time', '30s'],
  cpu: ['an amount of CPU', '2 cores` or `25% of cpu'],
  'cpu-or-percent': ['an amount of CPU', '10% of cpu'],
  size: ['a size', '8 GiB'],
  percent: ['a percentage', '95%'],
  work: ['an amount of work', '20 core-hours'],
  amount: ['an amount of CPU, memory, disk or network', '2 cores` or `25% of cpu'],
  memory: ['a size', '8 GiB memory'],
  disk: ['a rate', '20 MB/s disk` or `500 iops disk'],
  network: ['a rate', '100 Mbit/s network'],
  comparable: ['a quantity that a signal can have', '60%'],
};

const MEASURES: Readonly<Record<Dimension, string>> = {
  number: 'a number without a unit',
  percent: 'a bare percentage',
  time: 'a time',
  cpu: 'an amount of CPU',
  size: 'a size',
  'memory-fraction': 'a part of the memory',
  rate: 'a rate',
  temperature: 'a temperature',
  iops: 'a number of I/O operations',
  work: 'an amount of work',
};

/** The dimension in the words of a message ("a time"). */
export const describeDimension = (dimension: Dimension): string => MEASURES[dimension];

export const accepts = (wanted: Wanted, dimension: Dimension): boolean =>
  ACCEPTED[wanted].includes(dimension);

/** Says that a quantity is of the wrong dimension for its place. */
export function reportDimension(
  quantity: Quantity,
  dimension: Dimension,
  wanted: Wanted,
  reporter: Reporter,
): void {
  const [description, example] = DESCRIBED[wanted];
  const found = reporter.textOf(quantity.span);
  const place = reporter.place(quantity.span);
  const is = describeDimension(dimension);
  const repaired = wanted === 'amount' ? completed(found, dimension) : repair(quantity, dimension, wanted);
  const advice = adviceOn(found, dimension, wanted);
  const fix: Fix | null = repaired === null ? null : reporter.replacement(quantity.span, repaired);
  const parameters = { found, is, wanted: description, example, advice };
  reporter.add(catalogue.wrongDimension.at(place, parameters, fix === null ? {} : { fix }));
}

/** An amount whose word is missing and can only be one. */
function completed(found: string, dimension: Dimension): string | null {
  if (dimension === 'size') return `${found} memory`;
  return dimension === 'iops' ? `${found} disk` : null;
}

/** The same number with the unit that can only have been meant. */
function repair({ number, unit }: Quantity, dimension: Dimension, wanted: Wanted): string | null {
  const isLevel = wanted === 'percent' && dimension === 'number' && /^0\.\d\d?$/.test(number);
  if (isLevel) return `${number.slice(2).padEnd(2, '0').replace(/^0/, '')}%`;
  if (wanted === 'cpu' && dimension === 'percent') return `${number}% of cpu`;
  return wanted === 'number' && unit !== '' ? number : null;
}

function adviceOn(found: string, dimension: Dimension, wanted: Wanted): string | null {
  if (wanted !== 'amount') return null;
  const word = completed(found, dimension);
  if (word !== null) return `Say of what: \`${word}\`.`;
  if (dimension === 'rate') return `Say of what: \`${found} disk\` or \`${found} network\`.`;
  return dimension === 'percent' ? `Say of what: \`${found} of cpu\` or \`${found} of memory\`.` : null;
}
