import { nextCalendarChange } from '../../compiler/calendar/calendar-change.js';
import { calendarContains } from '../../compiler/calendar/calendar-contains.js';
import type { Calendar } from '../../compiler/plan.js';

/** What a calendar says, and between which instants of wall-clock time it goes on saying so. */
export interface CalendarState {
  readonly value: boolean;
  readonly validFromMs: number;
  /** Null: it never changes again. */
  readonly validUntilMs: number | null;
}

/**
 * Evaluates a calendar only where the previous answer does not reach: at its next change, and after the wall clock was
 * set back before the instant at which that answer was found (or on beyond its end).
 */
export function stepCalendar(
  previous: CalendarState | null,
  calendar: Calendar,
  zone: string,
  wallMs: number,
): CalendarState {
  if (previous && reaches(previous, wallMs)) return previous;
  return {
    value: calendarContains(calendar, wallMs, zone),
    validFromMs: wallMs,
    validUntilMs: nextCalendarChange(calendar, wallMs, zone),
  };
}

const reaches = (state: CalendarState, wallMs: number): boolean =>
  wallMs >= state.validFromMs && (state.validUntilMs === null || wallMs < state.validUntilMs);
