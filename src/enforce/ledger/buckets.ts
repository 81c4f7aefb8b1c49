import { localMinute } from '../../compiler/calendar/zone.js';
import { startOfDay } from '../budgets/budget-period.js';

/** The first instants of the civil hour and the civil day that contain this one. */
export function bucketsOf(zone: string, atMs: number): readonly [hourMs: number, dayMs: number] {
  const { day, minute } = localMinute(zone, atMs);
  const intoHourMs = (minute % 60) * 60_000 + (((atMs % 60_000) + 60_000) % 60_000);
  const dayMs = startOfDay(zone, day);
  return [Math.max(atMs - intoHourMs, dayMs), dayMs];
}
