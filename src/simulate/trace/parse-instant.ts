import { dayOfDate } from '../../compiler/calendar/civil-day.js';
import { instantsOf } from '../../compiler/calendar/zone.js';

const FORM = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * `2026-11-23`, `2026-11-23 10:00`, `2026-11-23T10:00:30` in the zone (the first of two, where the clocks go back), or
 * with `Z` or an offset; ms since 1970. Null: no such time, also where the clocks go forward over it.
 */
export function parseInstant(text: string, zone: string): number | null {
  const [, date, hour = '00', minute = '00', second = '0', offset] = FORM.exec(text.trim()) ?? [];
  if (date === undefined || !isDate(date)) return null;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s >= 60) return null;
  if (offset !== undefined) {
    const instant = Date.parse(`${date}T${hour}:${minute}:00${offset}`);
    return Number.isNaN(instant) ? null : instant + s * 1000;
  }
  const [instant] = instantsOf(zone, dayOfDate(date), h * 60 + m);
  return instant === undefined ? null : instant + s * 1000;
}

function isDate(date: string): boolean {
  const instant = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(date);
}
