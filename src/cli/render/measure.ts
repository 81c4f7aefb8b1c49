import type { Measure } from '../../enforce/status.js';

const BOUNDS: Readonly<Record<Measure['bound'], string>> = { exactly: '', 'at-least': '≥ ', 'at-most': '≤ ' };

/** "≤ 1.500", "33.3%". */
export const promiseText = ({ promised, unit, bound }: Measure): string =>
  promised === null ? '-' : `${BOUNDS[bound]}${amountText(promised, unit)}`;

export const amountText = (value: number | null, unit: Measure['unit']): string =>
  value === null ? '-' : unit === 'cores' ? coresText(value) : `${(value * 100).toFixed(1)}%`;

export const coresText = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
