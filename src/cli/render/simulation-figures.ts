import { formatDuration } from '../../support/duration.js';
import type { Line } from './lines.js';
import { renderTable } from './table.js';

export const fixed = (value: number, digits = 2): string => value.toFixed(digits);
export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** Three figures: a mean's nanoseconds say nothing. */
export function duration(seconds: number): string {
  if (seconds < 1) return formatDuration(Math.round(Number((seconds * 1e9).toPrecision(3))));
  if (seconds < 120) return `${Number(seconds.toFixed(1))}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes}min`;
  const hours = seconds / 3600;
  return hours < 48 ? `${Number(hours.toFixed(1))}h` : `${Number((hours / 24).toFixed(1))}d`;
}

export const tableLines = (
  header: readonly string[],
  rows: readonly (readonly string[])[],
): readonly Line[] =>
  renderTable(header, rows)
    .split('\n')
    .map((text) => ({ text: `  ${text}` }));
