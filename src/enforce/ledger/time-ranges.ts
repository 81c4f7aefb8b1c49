import { localMinute } from '../../compiler/calendar/zone.js';
import { startOfDay } from '../budgets/budget-period.js';
import { bucketsOf } from './buckets.js';
import { KEPT_MS } from './retention.js';

/** Which rows of which level make up a time: those whose first instant is in [fromMs, toMs). */
export interface LevelRange {
  readonly level: 0 | 1 | 2;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TimeRanges {
  /** What is really covered. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly ranges: readonly LevelRange[];
}

/**
 * A time as few rows as possible: whole days, the hours on both sides of them, and slots at the edges. Where slots are not
 * kept any more an edge is moved outward to the hour, and where hours are not, to the day. What is to come has no rows, so a
 * day or an hour that goes on counts as a whole one. Pure.
 */
export function timeRanges(zone: string, fromMs: number, toMs: number, nowMs: number): TimeRanges {
  const from = edgeOf(zone, fromMs, nowMs, 'begin');
  const to = toMs > nowMs ? toMs : edgeOf(zone, toMs, nowMs, 'end');
  const ranges: LevelRange[] = [];
  const add = (level: LevelRange['level'], start: number, end: number) => {
    if (start < end) ranges.push({ level, fromMs: start, toMs: end });
  };
  const [firstDay, endOfDays] = [upTo(zone, from, 'day'), to > nowMs ? to : downTo(zone, to, 'day')];
  const days = firstDay < endOfDays;
  add(2, firstDay, endOfDays);
  for (const [start, end] of days
    ? ([
        [from, firstDay],
        [endOfDays, to],
      ] as const)
    : [[from, to] as const]) {
    const [firstHour, endOfHours] = [
      upTo(zone, start, 'hour'),
      end > nowMs ? end : downTo(zone, end, 'hour'),
    ];
    if (firstHour >= endOfHours) add(0, start, end);
    else {
      add(0, start, firstHour);
      add(1, firstHour, endOfHours);
      add(0, endOfHours, end);
    }
  }
  return { fromMs: from, toMs: to, ranges };
}

function edgeOf(zone: string, atMs: number, nowMs: number, side: 'begin' | 'end'): number {
  // An hour more: what goes on being deleted must not be counted on.
  const kept = (forMs: number) => atMs >= nowMs - forMs + HOUR_MS;
  if (kept(KEPT_MS.slots)) return atMs;
  const unit = kept(KEPT_MS.hours) ? 'hour' : 'day';
  return side === 'begin' ? downTo(zone, atMs, unit) : upTo(zone, atMs, unit);
}

const HOUR_MS = 3_600_000;

function downTo(zone: string, atMs: number, unit: 'hour' | 'day'): number {
  const [hourMs, dayMs] = bucketsOf(zone, atMs);
  return unit === 'hour' ? hourMs : dayMs;
}

/** The first beginning of an hour or a day that is not before this. */
function upTo(zone: string, atMs: number, unit: 'hour' | 'day'): number {
  if (downTo(zone, atMs, unit) === atMs) return atMs;
  const nextDayMs = startOfDay(zone, localMinute(zone, atMs).day + 1);
  return unit === 'day' ? nextDayMs : Math.min(downTo(zone, atMs + HOUR_MS, 'hour'), nextDayMs);
}
