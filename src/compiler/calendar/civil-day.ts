import type { Weekday } from '../../lang/model.js';

const MS_PER_DAY = 86_400_000;
/** 1970-01-01, day 0, was a Thursday. */
const WEEKDAYS_FROM_DAY_0: readonly Weekday[] = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'];

export const MINUTES_PER_DAY = 1440;

/** Days from 1970-01-01 to an ISO date, in the proleptic Gregorian calendar. */
export function dayOfDate(iso: string): number {
  const [year = 1970, month = 1, day = 1] = iso.split('-').map(Number);
  return Date.UTC(year, month - 1, day) / MS_PER_DAY;
}

export function dateOfDay(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

export function weekdayOfDay(day: number): Weekday {
  // INVARIANT: the index is taken modulo 7, the length of the list.
  return WEEKDAYS_FROM_DAY_0[((day % 7) + 7) % 7]!;
}
