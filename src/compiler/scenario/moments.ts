import type { Calendar, PolicyTest } from '../../lang/model.js';
import { calendarCases } from '../calendar/calendar-cases.js';
import { containsLocal } from '../calendar/calendar-spans.js';
import type { NamedCalendar } from '../calendar/calendars-in.js';
import { dayOfDate } from '../calendar/civil-day.js';
import { formatInstant, instantsOf } from '../calendar/zone.js';
import { calendarText } from '../modes/condition-text.js';

/** What the calendars say at one time. */
export interface Moment {
  readonly contains: (calendar: Calendar) => boolean;
  /** RFC 9557; null where there is no calendar. */
  readonly instant: string | null;
}

/** The instant of `at`; null when the clocks skip it. */
export function momentAt({ date, minute }: NonNullable<PolicyTest['at']>, zone: string): Moment | null {
  const day = dayOfDate(date);
  const [instantMs] = instantsOf(zone, day, minute);
  if (instantMs === undefined) return null;
  return {
    contains: (calendar) => containsLocal(calendar, day, minute),
    instant: formatInstant(zone, instantMs),
  };
}

/** Without `at`: every combination of calendars that can occur, in the order of time. */
export function everyMoment(calendars: readonly NamedCalendar[], zone: string): readonly Moment[] {
  if (calendars.length === 0) return [{ contains: () => false, instant: null }];
  const cases = calendarCases(
    calendars.map(({ calendar }) => calendar),
    zone,
  );
  return cases.map(({ values, instantMs }) => {
    const byText = new Map(calendars.map(({ calendar }, index) => [calendarText(calendar), values[index]]));
    return {
      contains: (calendar) => byText.get(calendarText(calendar)) ?? false,
      instant: formatInstant(zone, instantMs),
    };
  });
}
