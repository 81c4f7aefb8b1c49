import { type Rational, toNumber } from '../../support/rational.js';

/** At most four decimals; takes the fractions of a certificate as well. For reading only. */
export function decimal(value: string | number): string {
  const [num = '0', den = '1'] = String(value).split('/');
  return String(Math.round((Number(num) / Number(den)) * 10_000) / 10_000);
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const DECIMAL = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/**
 * "1.5 GiB", "20 MB": a number of bytes in the largest unit in which it is at least 1, of those that policies are written in;
 * powers of 1000 where that is shorter. For reading only.
 */
export function sizeText(bytes: Rational | number): string {
  const value = typeof bytes === 'number' ? bytes : toNumber(bytes);
  const [binary, metric] = [inUnit(value, 1024, BINARY), inUnit(value, 1000, DECIMAL)];
  return metric.length < binary.length - 1 ? metric : binary;
}

function inUnit(bytes: number, base: number, units: readonly string[]): string {
  const power = Math.min(Math.max(Math.floor(Math.log(bytes) / Math.log(base) + 1e-12), 0), units.length - 1);
  return `${decimal(bytes / base ** power)} ${units[power]}`;
}

/** "0-3, 6": ascending numbers of cores as a policy would list them. */
/** "core 3", "cores 0-3 and 8". */
export const namedCores = (cores: readonly number[]): string =>
  `${cores.length === 1 ? 'core' : 'cores'} ${coreRanges(cores)}`;

export function coreRanges(cores: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const core of cores) {
    const range = ranges.at(-1);
    if (range && core === range.last + 1) range.last = core;
    else ranges.push({ first: core, last: core });
  }
  return ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(', ');
}

/** "a, b and c". */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Breaks a text at blanks into lines of at most `width` columns (longer words stay whole). */
export function wrap(text: string, width: number, first = '', next = first): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = next;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
