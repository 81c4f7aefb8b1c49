import type { Calendar, ClockWindow } from '../../lang/model.js';
import { dayOfDate, MINUTES_PER_DAY, weekdayOfDay } from './civil-day.js';

/** Minutes from midnight of the day on which it starts, half-open; the end may lie on the day after. */
export interface MinuteSpan {
  readonly start: number;
  readonly end: number;
}

type DatesCalendar = Extract<Calendar, { kind: 'dates' }>;

const WHOLE_DAY: readonly MinuteSpan[] = [{ start: 0, end: MINUTES_PER_DAY }];
const parsedRanges = new WeakMap<DatesCalendar, readonly { first: number; last: number }[]>();

/** A calendar's windows that start on a civil day: language reference, "Calendars". Disjoint and in order. */
export function spansOn(calendar: Calendar, day: number): readonly MinuteSpan[] {
  switch (calendar.kind) {
    case 'days':
    case 'dates':
      return hasDay(calendar, day) ? spansOf(calendar.windows) : [];
    case 'except':
      if (hasClockWindow(calendar.removed)) return spansWithoutInstants(calendar.base, calendar.removed, day);
      return hasDay(calendar.removed, day) ? [] : spansOn(calendar.base, day);
  }
}

/** Whether a minute of a civil day lies in the calendar; spans of the day before may reach into it. */
export function containsLocal(calendar: Calendar, day: number, minute: number): boolean {
  const within = (spans: readonly MinuteSpan[], at: number) =>
    spans.some((span) => span.start <= at && at < span.end);
  return (
    within(spansOn(calendar, day), minute) || within(spansOn(calendar, day - 1), minute + MINUTES_PER_DAY)
  );
}

/** First and one-past-last days of every date range in a calendar: between them only the weekday matters. */
export function dateBoundaries(calendar: Calendar): readonly number[] {
  switch (calendar.kind) {
    case 'days':
      return [];
    case 'dates':
      return rangesOf(calendar).flatMap(({ first, last }) => [first, last + 1]);
    case 'except':
      return [...dateBoundaries(calendar.base), ...dateBoundaries(calendar.removed)];
  }
}

function hasClockWindow(calendar: Calendar): boolean {
  return calendar.kind === 'except'
    ? hasClockWindow(calendar.base) || hasClockWindow(calendar.removed)
    : calendar.windows.length > 0;
}

function hasDay(calendar: Calendar, day: number): boolean {
  switch (calendar.kind) {
    case 'days':
      return calendar.weekdays.includes(weekdayOfDay(day));
    case 'dates':
      return rangesOf(calendar).some(({ first, last }) => first <= day && day <= last);
    case 'except':
      return hasDay(calendar.base, day) && !hasDay(calendar.removed, day);
  }
}

function rangesOf(calendar: DatesCalendar): readonly { first: number; last: number }[] {
  const known = parsedRanges.get(calendar);
  if (known) return known;
  const parsed = calendar.ranges.map(({ first, last }) => ({
    first: dayOfDate(first),
    last: dayOfDate(last),
  }));
  parsedRanges.set(calendar, parsed);
  return parsed;
}

function spansOf(windows: readonly ClockWindow[]): readonly MinuteSpan[] {
  if (windows.length === 0) return WHOLE_DAY;
  return merge(
    windows.map(({ startMinute: start, endMinute: end }) => ({
      start,
      end: end <= start ? end + MINUTES_PER_DAY : end,
    })),
  );
}

function spansWithoutInstants(base: Calendar, removed: Calendar, day: number): readonly MinuteSpan[] {
  const holes = [-1, 0, 1].flatMap((shift) =>
    spansOn(removed, day + shift).map(({ start, end }) => ({
      start: start + shift * MINUTES_PER_DAY,
      end: end + shift * MINUTES_PER_DAY,
    })),
  );
  return merge(holes).reduce((spans, hole) => spans.flatMap((span) => cut(span, hole)), spansOn(base, day));
}

function cut(span: MinuteSpan, hole: MinuteSpan): readonly MinuteSpan[] {
  return [
    { start: span.start, end: Math.min(span.end, hole.start) },
    { start: Math.max(span.start, hole.end), end: span.end },
  ].filter(({ start, end }) => start < end);
}

function merge(spans: readonly MinuteSpan[]): readonly MinuteSpan[] {
  const merged: MinuteSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && span.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}
