import { expect } from 'chai';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { calendarCases } from '../../src/compiler/calendar/calendar-cases.js';
import { nextCalendarChange } from '../../src/compiler/calendar/calendar-change.js';
import { calendarContains } from '../../src/compiler/calendar/calendar-contains.js';
import { formatInstant, instantsOf, localMinute } from '../../src/compiler/calendar/zone.js';
import type { Calendar } from '../../src/lang/model.js';
import { calendarsNear, holds, WEEKDAYS } from './calendar-oracle.js';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
const MINUTE = 60_000;

const at = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;

/** Dates near the clock changes of 2026 in Berlin and New York. */
const anyCalendar = calendarsNear(Temporal.PlainDate.from('2026-03-05'), 45);

const daily = (startMinute: number, endMinute: number): Calendar => ({
  kind: 'days',
  weekdays: WEEKDAYS,
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
            expect(calendarContains(calendar, epochMs, zone)).to.equal(holds(calendar, epochMs, zone));
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
    expect(
      nextCalendarChange({ kind: 'days', weekdays: WEEKDAYS, windows: [] }, 0, 'Europe/Berlin'),
    ).to.equal(null);
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
