import type { Calendar } from '../../lang/model.js';
import { calendarContains } from './calendar-contains.js';
import { dateBoundaries, spansOn } from './calendar-spans.js';
import { MINUTES_PER_DAY } from './civil-day.js';
import { clockChangeOn, instantsOf, localMinute } from './zone.js';

/** Every weekday, and one day on either side for spans past midnight. */
const DAYS_AT_ONCE = 9;

/** The first instant after `epochMs` at which the calendar starts or ends; null when it never does again. */
export function nextCalendarChange(calendar: Calendar, epochMs: number, zone: string): number | null {
  const now = calendarContains(calendar, epochMs, zone);
  const boundaries = [...new Set(dateBoundaries(calendar))].sort((a, b) => a - b);
  let first = localMinute(zone, epochMs).day - 1;
  for (;;) {
    const last = first + DAYS_AT_ONCE;
    const change = candidates(calendar, first, last, zone).find(
      (instant) => instant > epochMs && calendarContains(calendar, instant, zone) !== now,
    );
    if (change !== undefined) return change;
    // Without a change on any weekday nothing happens until a date range begins or ends.
    const next = boundaries.find((day) => day >= last - 1);
    if (next === undefined) return null;
    first = Math.max(next - 1, first + 1);
  }
}

/** Instants of the days [first, last] at which membership can change, in order. */
function candidates(calendar: Calendar, first: number, last: number, zone: string): readonly number[] {
  const instants: number[] = [];
  for (let day = first; day <= last; day++) {
    const change = clockChangeOn(zone, day);
    if (change !== null) instants.push(change);
    for (const { start, end } of spansOn(calendar, day)) {
      for (const minute of [start, end]) {
        const later = Math.floor(minute / MINUTES_PER_DAY);
        instants.push(...instantsOf(zone, day + later, minute - later * MINUTES_PER_DAY));
      }
    }
  }
  return instants.sort((a, b) => a - b);
}
