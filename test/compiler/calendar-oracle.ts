import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { Calendar, Weekday } from '../../src/lang/model.js';

export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Whether a calendar holds an instant: by Temporal's clocks, and by the definition of the language instead of by spans. */
export function holds(calendar: Calendar, epochMs: number, zone: string): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone);
  const minute = local.hour * 60 + local.minute;
  const today = local.toPlainDate();
  return (
    startsAndHolds(calendar, today, minute) ||
    startsAndHolds(calendar, today.subtract({ days: 1 }), minute + 1440)
  );
}

/** Whether a window that starts on the day holds a minute counted from its midnight. */
function startsAndHolds(calendar: Calendar, day: Temporal.PlainDate, minute: number): boolean {
  if (calendar.kind === 'except') {
    if (!startsAndHolds(calendar.base, day, minute)) return false;
    if (!hasWindow(calendar.removed)) return !onDay(calendar.removed, day);
    return ![-1, 0, 1, 2].some((days) =>
      startsAndHolds(calendar.removed, day.add({ days }), minute - days * 1440),
    );
  }
  if (!onDay(calendar, day)) return false;
  const list = calendar.windows.length > 0 ? calendar.windows : [{ startMinute: 0, endMinute: 1440 }];
  return list.some(({ startMinute, endMinute }) => {
    const end = endMinute <= startMinute ? endMinute + 1440 : endMinute;
    return startMinute <= minute && minute < end;
  });
}

function hasWindow(calendar: Calendar): boolean {
  return calendar.kind === 'except'
    ? hasWindow(calendar.base) || hasWindow(calendar.removed)
    : calendar.windows.length > 0;
}

function onDay(calendar: Calendar, day: Temporal.PlainDate): boolean {
  switch (calendar.kind) {
    case 'days':
      return calendar.weekdays.includes(WEEKDAYS[day.dayOfWeek - 1] as Weekday);
    case 'dates':
      return calendar.ranges.some(({ first, last }) => first <= day.toString() && day.toString() <= last);
    case 'except':
      return onDay(calendar.base, day) && !onDay(calendar.removed, day);
  }
}

/** Windows on the quarters of an hour, past midnight and up to 24:00. */
const windows = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 0, max: 96 }))
    .filter(([start, end]) => start !== end)
    .map(([start, end]) => ({ startMinute: start * 15, endMinute: end * 15 })),
  { maxLength: 2 },
);

/** Every form of calendar, with dates in the `days` from `first` on. */
export function calendarsNear(first: Temporal.PlainDate, days: number): fc.Arbitrary<Calendar> {
  const date = fc.integer({ min: 0, max: days }).map((later) => first.add({ days: later }).toString());
  const range = fc.tuple(date, date).map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a }));
  const weekdays = fc.subarray([...WEEKDAYS], { minLength: 1 });
  const simple: fc.Arbitrary<Calendar> = fc.oneof(
    fc.record({ kind: fc.constant('days' as const), weekdays, windows }),
    fc.record({
      kind: fc.constant('dates' as const),
      ranges: fc.array(range, { minLength: 1, maxLength: 2 }),
      windows,
    }),
  );
  const except = (base: fc.Arbitrary<Calendar>, removed: fc.Arbitrary<Calendar>): fc.Arbitrary<Calendar> =>
    fc.record({ kind: fc.constant('except' as const), base, removed });
  const once = except(simple, simple);
  return fc.oneof(simple, once, except(once, simple), except(simple, once));
}
