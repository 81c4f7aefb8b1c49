import type { Calendar } from '../../lang/model.js';
import { containsLocal } from './calendar-spans.js';
import { localMinute } from './zone.js';

/**
 * Whether an instant (milliseconds since 1970) lies in a calendar of wall-clock time in an IANA zone.
 * Only what the clocks show matters: a start that a clock change skips takes effect at the first instant after the
 * gap, and an hour that happens twice is inside both times.
 */
export function calendarContains(calendar: Calendar, epochMs: number, zone: string): boolean {
  const { day, minute } = localMinute(zone, epochMs);
  return containsLocal(calendar, day, minute);
}
