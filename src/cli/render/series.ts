import type { HistoryAnswer } from '../../rps/index.js';
import { formatDuration } from '../../support/duration.js';
import { localTime } from './event.js';
import { renderTable } from './table.js';

/** Rows of nothing but gaps, at most so many, are shown one by one; more are said in one row. */
const SHOWN_GAPS = 2;

/** Recorded samples for people: a row for each, runs of gaps as one. */
export function renderSeries({ signal, unit, fromMs, stepNs, values }: HistoryAnswer): string {
  const rows: string[][] = [];
  for (let at = 0; at < values.length; ) {
    const gap = gapAt(values, at);
    const time = localTime(fromMs + (at * stepNs) / 1e6);
    if (gap > SHOWN_GAPS) rows.push([time, `nothing for ${formatDuration(gap * stepNs)}`]);
    else rows.push([time, values[at]?.toFixed(2) ?? '-']);
    at += gap > SHOWN_GAPS ? gap : 1;
  }
  const head = `${signal}, ${unit}; ${formatDuration(stepNs)} each`;
  return `${head}\n${renderTable(['', ''], rows)}`;
}

/** Length of the run of gaps that begins there. */
function gapAt(values: HistoryAnswer['values'], start: number): number {
  let end = start;
  while (end < values.length && values[end] === null) end++;
  return end - start;
}
