import { dateOfDay, MINUTES_PER_DAY, weekdayOfDay } from '../../compiler/calendar/civil-day.js';
import { clockChangeOn, instantsOf, localMinute } from '../../compiler/calendar/zone.js';
import type { Plan } from '../../compiler/plan.js';

export type Per = Plan['budgets'][number]['per'];

/** A day, a week from Monday, or a month of the calendar in some zone. */
export interface BudgetPeriod {
  /** Its first day, ISO 8601: the same for every instant of it. */
  readonly firstDay: string;
  /** The first instant after it, ms since 1970. */
  readonly endMs: number;
}

/** The calendar period that contains `nowMs`. */
export function budgetPeriod(zone: string, nowMs: number, per: Per): BudgetPeriod {
  const { day } = localMinute(zone, nowMs);
  return { firstDay: dateOfDay(firstDayOf(day, per)), endMs: startOfDay(zone, nextPeriodDay(day, per)) };
}

/** The first instant of a civil day (days since 1970-01-01); where the clocks skip midnight, the first after the gap. */
export function startOfDay(zone: string, day: number): number {
  return instantsOf(zone, day, 0)[0] ?? clockChangeOn(zone, day) ?? day * MINUTES_PER_DAY * 60_000;
}

function firstDayOf(day: number, per: Per): number {
  let first = day;
  if (per === 'week') while (weekdayOfDay(first) !== 'mon') first -= 1;
  if (per === 'month') while (dayOfMonth(first) !== 1) first -= 1;
  return first;
}

function nextPeriodDay(day: number, per: Per): number {
  let next = day + 1;
  if (per === 'week') while (weekdayOfDay(next) !== 'mon') next += 1;
  if (per === 'month') while (dayOfMonth(next) !== 1) next += 1;
  return next;
}

const dayOfMonth = (day: number): number => new Date(day * MINUTES_PER_DAY * 60_000).getUTCDate();
