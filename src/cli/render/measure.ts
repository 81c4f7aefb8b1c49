import type { Measure } from '../../enforce/status.js';

const BOUNDS: Readonly<Record<Measure['bound'], string>> = { exactly: '', 'at-least': '≥ ', 'at-most': '≤ ' };

/** "≤ 1.500", "33.3%". */
export const promiseText = ({ promised, unit, bound }: Measure): string =>
  promised === null ? '-' : `${BOUNDS[bound]}${amountText(promised, unit)}`;

export const amountText = (value: number | null, unit: Measure['unit']): string =>
  value === null ? '-' : IN_UNIT[unit](value);

const IN_UNIT: Readonly<Record<Measure['unit'], (value: number) => string>> = {
  cores: (value) => coresText(value),
  fraction: (value) => `${(value * 100).toFixed(1)}%`,
  bytes: (value) => `${(value / 2 ** 20).toFixed(1)} MiB`,
  'bytes-per-second': (value) => `${(value / 1e6).toFixed(3)} MB/s`,
  'operations-per-second': (value) => `${value.toFixed(1)} iops`,
};

export const coresText = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
