import { expect } from 'chai';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { calendarCases } from '../../src/compiler/calendar-cases.js';
import { nextCalendarChange } from '../../src/compiler/calendar-change.js';
import { calendarContains } from '../../src/compiler/calendar-contains.js';
import { formatInstant, instantsOf, localMinute } from '../../src/compiler/zone.js';
import type { Calendar, Weekday } from '../../src/lang/model.js';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MINUTE = 60_000;

const at = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;

/** Days near the clock changes of 2026 in Berlin and New York. */
const someDate = fc
  .integer({ min: 0, max: 45 })
  .map((days) => Temporal.PlainDate.from('2026-03-05').add({ days }).toString());
const windows = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 0, max: 96 }))
    .filter(([start, end]) => start !== end)
    .map(([start, end]) => ({ startMinute: start * 15, endMinute: end * 15 })),
  { maxLength: 2 },
);
const simpleCalendar: fc.Arbitrary<Calendar> = fc.oneof(
  fc.record({
    kind: fc.constant('days' as const),
    weekdays: fc.subarray([...DAYS], { minLength: 1 }),
    windows,
  }),
  fc.record({
    kind: fc.constant('dates' as const),
    ranges: fc.array(
      fc.tuple(someDate, someDate).map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a })),
      { minLength: 1, maxLength: 2 },
    ),
    windows,
  }),
);
const anyCalendar: fc.Arbitrary<Calendar> = fc.oneof(
  simpleCalendar,
  fc.record({ kind: fc.constant('except' as const), base: simpleCalendar, removed: simpleCalendar }),
);

/** The same question answered by Temporal, and by the definition instead of by spans. */
function oracle(calendar: Calendar, epochMs: number, zone: string): boolean {
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
      return calendar.weekdays.includes(DAYS[day.dayOfWeek - 1] as Weekday);
    case 'dates':
      return calendar.ranges.some(({ first, last }) => first <= day.toString() && day.toString() <= last);
    case 'except':
      return onDay(calendar.base, day) && !onDay(calendar.removed, day);
  }
}

const daily = (startMinute: number, endMinute: number): Calendar => ({
  kind: 'days',
  weekdays: DAYS,
  windows: [{ startMinute, endMinute }],
});

describe('calendars', () => {
  it('hold the instants that the definition and Temporal say, in every zone', () => {
    const instant = fc.integer({ min: at('2026-03-01T00:00[UTC]'), max: at('2026-04-25T00:00[UTC]') });
    fc.assert(
      fc.property(
        anyCalendar,
        fc.array(instant, { minLength: 20, maxLength: 20 }),
        fc.constantFrom(...ZONES),
        (calendar, instants, zone) => {
          for (const epochMs of instants) {
            expect(calendarContains(calendar, epochMs, zone)).to.equal(oracle(calendar, epochMs, zone));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('start at the first instant after a gap that swallows the start of a window', () => {
    const calendar = daily(150, 240);
    expect(
      calendarContains(calendar, at('2026-03-29T01:59:59+01:00[Europe/Berlin]'), 'Europe/Berlin'),
    ).to.equal(false);
    expect(
      calendarContains(calendar, at('2026-03-29T03:00:00+02:00[Europe/Berlin]'), 'Europe/Berlin'),
    ).to.equal(true);
  });

  it('are inside both times of an hour that happens twice', () => {
    const calendar = daily(120, 180);
    expect(
      calendarContains(calendar, at('2026-10-25T02:30:00+02:00[Europe/Berlin]'), 'Europe/Berlin'),
    ).to.equal(true);
    expect(
      calendarContains(calendar, at('2026-10-25T02:30:00+01:00[Europe/Berlin]'), 'Europe/Berlin'),
    ).to.equal(true);
  });

  it('lose the windows that start on an excepted day, also what of them is past midnight', () => {
    const calendar: Calendar = {
      kind: 'except',
      base: daily(1320, 360),
      removed: { kind: 'dates', ranges: [{ first: '2026-12-24', last: '2026-12-24' }], windows: [] },
    };
    expect(calendarContains(calendar, at('2026-12-24T05:00[Europe/Berlin]'), 'Europe/Berlin')).to.equal(true);
    expect(calendarContains(calendar, at('2026-12-24T23:00[Europe/Berlin]'), 'Europe/Berlin')).to.equal(
      false,
    );
    expect(calendarContains(calendar, at('2026-12-25T05:00[Europe/Berlin]'), 'Europe/Berlin')).to.equal(
      false,
    );
  });
});

describe('nextCalendarChange', () => {
  it('is the first minute at which a calendar is not what it was, clock changes included', () => {
    const start = fc
      .integer({ min: 0, max: 40 * 1440 })
      .map((minutes) => at('2026-03-05T00:00[UTC]') + minutes * MINUTE);
    fc.assert(
      fc.property(anyCalendar, start, fc.constantFrom(...ZONES), (calendar, from, zone) => {
        const now = calendarContains(calendar, from, zone);
        const change = nextCalendarChange(calendar, from, zone);
        const horizon = from + 4 * 1440 * MINUTE;
        let scanned: number | null = null;
        for (let instant = from + MINUTE; instant <= horizon && scanned === null; instant += MINUTE) {
          if (calendarContains(calendar, instant, zone) !== now) scanned = instant;
        }
        if (scanned !== null) expect(change).to.equal(scanned);
        else expect(change === null || change > horizon).to.equal(true);
      }),
      { numRuns: 60 },
    );
  });

  it('finds a date that is years away, and none behind the last one', () => {
    const calendar: Calendar = {
      kind: 'dates',
      ranges: [{ first: '2031-07-04', last: '2031-07-04' }],
      windows: [],
    };
    const from = at('2026-01-01T00:00[UTC]');
    expect(nextCalendarChange(calendar, from, 'UTC')).to.equal(at('2031-07-04T00:00[UTC]'));
    expect(nextCalendarChange(calendar, at('2031-07-04T12:00[UTC]'), 'UTC')).to.equal(
      at('2031-07-05T00:00[UTC]'),
    );
    expect(nextCalendarChange(calendar, at('2031-07-06T00:00[UTC]'), 'UTC')).to.equal(null);
  });

  it('never comes for a calendar that always holds', () => {
    expect(nextCalendarChange({ kind: 'days', weekdays: DAYS, windows: [] }, 0, 'Europe/Berlin')).to.equal(
      null,
    );
  });
});

describe('calendarCases', () => {
  it('are exactly the combinations that a scan of every quarter of an hour finds, each with a true witness', () => {
    const from = at('2026-01-20T00:00[UTC]');
    const to = at('2026-06-10T00:00[UTC]');
    const zone = 'Europe/Berlin';
    fc.assert(
      fc.property(fc.array(anyCalendar, { minLength: 1, maxLength: 3 }), (calendars) => {
        const valuesAt = (instant: number) =>
          calendars
            .map((one) => calendarContains(one, instant, zone))
            .map(Number)
            .join('');
        const scanned = new Set<string>();
        for (let instant = from; instant < to; instant += 15 * MINUTE) scanned.add(valuesAt(instant));
        const cases = calendarCases(calendars, zone);
        expect(cases.map(({ values }) => values.map(Number).join('')).sort()).to.deep.equal(
          [...scanned].sort(),
        );
        for (const { values, instantMs } of cases)
          expect(valuesAt(instantMs)).to.equal(values.map(Number).join(''));
      }),
      { numRuns: 12 },
    );
  });

  it('leave out a window that a clock change swallows whole', () => {
    const swallowed: Calendar = {
      kind: 'dates',
      ranges: [{ first: '2026-03-29', last: '2026-03-29' }],
      windows: [{ startMinute: 130, endMinute: 170 }],
    };
    expect(calendarCases([swallowed], 'Europe/Berlin').map(({ values }) => values)).to.deep.equal([[false]]);
    expect(calendarCases([swallowed], 'Asia/Kolkata').map(({ values }) => values)).to.deep.include([true]);
  });
});

describe('zones', () => {
  it('map local minutes to instants as Temporal does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 800 * 1440 }), fc.constantFrom(...ZONES), (minutes, zone) => {
        const epochMs = at('2025-06-01T00:00[UTC]') + minutes * MINUTE;
        const { day, minute } = localMinute(zone, epochMs);
        const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone);
        expect(minute).to.equal(local.hour * 60 + local.minute);
        expect(instantsOf(zone, day, minute)).to.include(epochMs);
        expect(at(formatInstant(zone, epochMs))).to.equal(epochMs);
      }),
    );
  });
});
