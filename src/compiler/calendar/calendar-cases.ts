import type { Calendar } from '../../lang/model.js';
import { containsLocal, dateBoundaries, spansOn } from './calendar-spans.js';
import { dayOfDate, MINUTES_PER_DAY, weekdayOfDay } from './civil-day.js';
import { clockChangeOn, instantsOf, localMinute } from './zone.js';

/** One combination of calendars that occurs, and an instant at which it does (milliseconds since 1970). */
export interface CalendarCase {
  readonly values: readonly boolean[];
  readonly instantMs: number;
}

/**
 * Three weeks and a day: each weekday three times, so that a clock change that swallows an hour of one of them
 * hides nothing, and the first days' neighbours before a date boundary are seen as well.
 */
const DAYS_PER_STRETCH = 22;
/** Where no date is named any stretch of time will do; a fixed one keeps plans byte-identical. */
const REFERENCE_DAY = dayOfDate('2026-01-05');

/**
 * Which combinations of calendars can occur, exactly: what a calendar says of a day depends only on its weekday and
 * on which date ranges hold it and the day before, and within a day it changes only at the ends of its spans.
 * In order of time.
 */
export function calendarCases(calendars: readonly Calendar[], zone: string): readonly CalendarCase[] {
  const found = new Map<string, CalendarCase>();
  const seenDays = new Set<string>();
  const boundaries = [...new Set(calendars.flatMap(dateBoundaries))].sort((a, b) => a - b);
  for (const day of candidateDays(boundaries)) {
    const likeness = `${weekdayOfDay(day)} ${membership(calendars, day)} ${membership(calendars, day - 1)}`;
    if (seenDays.has(likeness)) continue;
    const irregular = clockChangeOn(zone, day) !== null;
    if (!irregular) seenDays.add(likeness);
    for (const { minute, end } of stretches(calendars, day)) {
      const values = calendars.map((calendar) => containsLocal(calendar, day, minute));
      const key = values.map(Number).join('');
      if (found.has(key)) continue;
      const instantMs = witness(zone, day, minute, end, irregular);
      if (instantMs !== null) found.set(key, { values, instantMs });
    }
  }
  return [...found.values()].sort((a, b) => a.instantMs - b.instantMs);
}

function candidateDays(boundaries: readonly number[]): readonly number[] {
  const first = boundaries[0];
  if (first === undefined)
    return Array.from({ length: DAYS_PER_STRETCH }, (_, index) => REFERENCE_DAY + index);
  const starts = [first - DAYS_PER_STRETCH, ...boundaries];
  return starts.flatMap((start, index) => {
    const length = Math.min(DAYS_PER_STRETCH, (starts[index + 1] ?? Number.POSITIVE_INFINITY) - start);
    return Array.from({ length }, (_, offset) => start + offset);
  });
}

/** Which date ranges hold a day, as text. */
function membership(calendars: readonly Calendar[], day: number): string {
  const bits = (calendar: Calendar): string => {
    switch (calendar.kind) {
      case 'days':
        return '';
      case 'dates':
        return spansOn(calendar, day).length > 0 ? '1' : '0';
      case 'except':
        return bits(calendar.base) + bits(calendar.removed);
    }
  };
  return calendars.map(bits).join('');
}

/** The day cut at every start and end of a span. */
function stretches(calendars: readonly Calendar[], day: number): readonly { minute: number; end: number }[] {
  const cuts = new Set([0]);
  for (const calendar of calendars) {
    for (const shift of [0, MINUTES_PER_DAY]) {
      for (const span of spansOn(calendar, shift === 0 ? day : day - 1)) {
        for (const minute of [span.start - shift, span.end - shift]) {
          if (minute > 0 && minute < MINUTES_PER_DAY) cuts.add(minute);
        }
      }
    }
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.map((minute, index) => ({ minute, end: sorted[index + 1] ?? MINUTES_PER_DAY }));
}

/** An instant at which the clocks show a time in [minute, end) of the day; null when a clock change skips it all. */
function witness(zone: string, day: number, minute: number, end: number, irregular: boolean): number | null {
  const exact = instantsOf(zone, day, minute)[0];
  if (exact !== undefined || !irregular) return exact ?? null;
  const change = clockChangeOn(zone, day);
  if (change === null) return null;
  const after = localMinute(zone, change);
  return after.day === day && after.minute >= minute && after.minute < end ? change : null;
}
