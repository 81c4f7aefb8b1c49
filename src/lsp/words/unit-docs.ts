import { type Dimension, unitOf } from '../../lang/units.js';

const TIMES: Readonly<Record<string, string>> = {
  ns: 'nanoseconds',
  us: 'microseconds',
  ms: 'milliseconds',
  s: 'seconds',
  min: 'minutes',
  h: 'hours',
  d: 'days of 24 hours',
};

const OTHERS: Readonly<Record<string, string>> = {
  core: 'CPU: whole cores',
  cores: 'CPU: whole cores',
  '% of cpu': 'CPU: a part of the whole host',
  '% of a core': 'CPU: a part of one core',
  '% of memory': "a part of the host's memory",
  '%': 'percent',
  C: 'degrees Celsius',
  iops: 'I/O operations a second',
  'core-second': 'work: a core for a second',
  'core-seconds': 'work: a core for a second',
  'core-minute': 'work: a core for a minute',
  'core-minutes': 'work: a core for a minute',
  'core-hour': 'work: a core for an hour',
  'core-hours': 'work: a core for an hour',
};

const PREFIXES: Readonly<Record<string, string>> = {
  K: '1000 ',
  M: '1000² ',
  G: '1000³ ',
  T: '1000⁴ ',
  Ki: '1024 ',
  Mi: '1024² ',
  Gi: '1024³ ',
  Ti: '1024⁴ ',
};

/** What a unit measures, in a few words; null where `form` is none. */
export function unitDoc(form: string): string | null {
  const known = TIMES[form] ?? OTHERS[form];
  if (known !== undefined) return known;
  if (form === '' || unitOf(form) === null) return null;
  const [, prefix = '', base = 'B', rate] = /^([KMGT]i?)?(bit|B)(\/s)?$/.exec(form) ?? [];
  const amount = `${PREFIXES[prefix] ?? ''}${base === 'bit' ? 'bits' : 'bytes'}`;
  return `${rate ? 'rate' : 'size'}: ${amount}${rate ? ' a second' : ''}`;
}

/** Units as completions offer them, for each dimension, the usual ones first. */
export const UNITS: Readonly<Record<Dimension, readonly string[]>> = {
  number: [],
  percent: ['%'],
  time: ['s', 'ms', 'min', 'h', 'd', 'us', 'ns'],
  cpu: ['cores', 'core', '% of cpu', '% of a core'],
  size: ['GiB', 'MiB', 'KiB', 'TiB', 'GB', 'MB', 'KB', 'TB', 'B'],
  'memory-fraction': ['% of memory'],
  rate: ['MB/s', 'GB/s', 'KB/s', 'B/s', 'MiB/s', 'GiB/s', 'KiB/s', 'Mbit/s', 'Gbit/s', 'Kbit/s', 'bit/s'],
  temperature: ['C'],
  iops: ['iops'],
  work: ['core-hours', 'core-minutes', 'core-seconds', 'core-hour', 'core-minute', 'core-second'],
};
