import { expect } from 'chai';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { calendarCases } from '../../src/compiler/calendar/calendar-cases.js';
import { nextCalendarChange } from '../../src/compiler/calendar/calendar-change.js';
import { calendarContains } from '../../src/compiler/calendar/calendar-contains.js';
import { clockChangeOn, formatInstant, instantsOf } from '../../src/compiler/calendar/zone.js';
import { analyse, type Calendar } from '../../src/lang/index.js';
import { calendarsNear, holds } from './calendar-oracle.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Zones with years in which their clocks were changed, and what is unusual about them. */
const ZONES = [
  ['Europe/Berlin', 2026, 'by an hour, at 2 and 3 in the night'],
  ['America/New_York', 2026, 'behind UTC'],
  ['Australia/Lord_Howe', 2026, 'by half an hour'],
  ['America/Sao_Paulo', 2018, 'at midnight: a day without its first hour, another with its last one twice'],
  ['Africa/Casablanca', 2026, 'back for a month, by the moon'],
  ['America/St_Johns', 2010, 'one minute after midnight, off by half an hour from UTC'],
  ['Asia/Kathmandu', 1986, 'once, by a quarter of an hour'],
  ['Pacific/Apia', 2011, 'by a day: 30 December was left out'],
  ['Europe/Dublin', 2026, 'with winter as the exception'],
] as const;

/** Every clock change of a year, by Temporal. */
function changesOf(zone: string, year: number): readonly Temporal.ZonedDateTime[] {
  const changes: Temporal.ZonedDateTime[] = [];
  let at = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(zone).subtract({ hours: 1 });
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds >= Date.UTC(year + 1, 0, 1)) return changes;
    changes.push(next);
    at = next;
  }
}

/** Clock changes with calendars whose dates are near them. */
const nearChanges = ZONES.flatMap(([zone, year]) =>
  changesOf(zone, year).map((change) => ({
    zone,
    changeMs: change.epochMilliseconds,
    calendars: calendarsNear(change.toPlainDate().subtract({ days: 4 }), 8),
  })),
);

/** The calendar of a condition as a policy writes it. */
function calendarOf(text: string): Calendar {
  const { model } = analyse({ file: 'zones.vmc', text: `let x = ${text}` });
  const condition = model?.conditions[0]?.condition;
  if (condition?.kind !== 'calendar') throw new Error(`${text} is a calendar`);
  return condition.calendar;
}

const at = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;

describe('calendars in zones of all kinds', () => {
  for (const [zone, year, what] of ZONES) {
    it(`know the clock changes of ${zone} in ${year}: ${what}`, () => {
      const changes = changesOf(zone, year);
      expect(changes.length).to.be.at.least(1);
      for (const change of changes) {
        const day = Math.floor(Date.UTC(change.year, change.month - 1, change.day) / DAY);
        expect(clockChangeOn(zone, day)).to.equal(change.epochMilliseconds);
      }
    });
  }

  it('hold the minutes around every change that the definition and Temporal say', () => {
    for (const { zone, changeMs, calendars } of nearChanges) {
      const offset = fc.oneof(
        fc.integer({ min: -180, max: 180 }),
        fc.integer({ min: -5 * 1440, max: 5 * 1440 }),
      );
      fc.assert(
        fc.property(calendars, fc.array(offset, { minLength: 25, maxLength: 25 }), (calendar, offsets) => {
          for (const minutes of offsets) {
            const instant = changeMs + minutes * MINUTE;
            expect(calendarContains(calendar, instant, zone)).to.equal(holds(calendar, instant, zone));
          }
        }),
        { numRuns: 40 },
      );
    }
  });

  it('change next at the minute that a scan by Temporal finds, across every change of the clocks', () => {
    for (const { zone, changeMs, calendars } of nearChanges) {
      const start = fc.integer({ min: -1440, max: 300 }).map((minutes) => changeMs + minutes * MINUTE);
      fc.assert(
        fc.property(calendars, start, (calendar, from) => {
          const now = holds(calendar, from, zone);
          let scanned: number | null = null;
          // Windows and clocks change on whole quarters of an hour, all but one minute past midnight.
          const horizon = from + 1.5 * DAY;
          for (let instant = from + MINUTE; instant <= horizon; instant += MINUTE) {
            if (holds(calendar, instant, zone) === now) continue;
            scanned = instant;
            break;
          }
          const change = nextCalendarChange(calendar, from, zone);
          if (scanned !== null) expect(change).to.equal(scanned);
          else expect(change === null || change > horizon).to.equal(true);
        }),
        { numRuns: 3 },
      );
    }
  });

  it('combine exactly as a scan by Temporal finds, in every zone', () => {
    for (const { zone, changeMs, calendars } of nearChanges) {
      const dated = calendars.filter((calendar) => JSON.stringify(calendar).includes('"dates"'));
      fc.assert(
        fc.property(dated, calendars, (first, second) => {
          const cases = calendarCases([first, second], zone);
          const key = (values: readonly boolean[]) => values.map(Number).join('');
          const scanned = new Set<string>();
          const valuesAt = (instant: number) => key([first, second].map((one) => holds(one, instant, zone)));
          for (let instant = changeMs - 12 * DAY; instant < changeMs + 12 * DAY; instant += 15 * MINUTE) {
            scanned.add(valuesAt(instant));
          }
          const found = cases.map(({ values }) => key(values)).sort();
          expect(found).to.deep.equal([...scanned].sort());
          for (const { values, instantMs } of cases) expect(valuesAt(instantMs)).to.equal(key(values));
        }),
        { numRuns: 2 },
      );
    }
  });

  it('find the instants of a wall-clock time as Temporal does: none in a gap, two in what happens twice', () => {
    for (const { zone, changeMs } of nearChanges) {
      for (let minutes = -300; minutes <= 300; minutes += 7) {
        const local = Temporal.Instant.fromEpochMilliseconds(changeMs).toZonedDateTimeISO(zone);
        const wall = local.toPlainDateTime().add({ minutes });
        const day = Date.UTC(wall.year, wall.month - 1, wall.day) / DAY;
        const expected = (['earlier', 'later'] as const)
          .map((disambiguation) => wall.toZonedDateTime(zone, { disambiguation }))
          .filter((zoned) => zoned.toPlainDateTime().equals(wall))
          .map(({ epochMilliseconds }) => epochMilliseconds);
        const minute = wall.hour * 60 + wall.minute;
        // Seconds of a wall-clock time are beyond the language.
        if (wall.second === 0) {
          expect(instantsOf(zone, day, minute)).to.deep.equal([...new Set(expected)]);
        }
      }
    }
  });

  it('name instants before and after a change as Temporal reads them', () => {
    for (const { zone, changeMs } of nearChanges) {
      for (const instant of [changeMs - MINUTE, changeMs, changeMs + MINUTE]) {
        expect(at(formatInstant(zone, instant))).to.equal(instant);
      }
    }
  });
});

describe('calendars as a policy writes them', () => {
  const cases: readonly (readonly [calendar: string, instant: string, expected: boolean])[] = [
    // A window belongs to the day on which it starts.
    ['fri 22:00-06:00', '2026-11-28T05:59[Europe/Berlin]', true],
    ['fri 22:00-06:00', '2026-11-27T05:59[Europe/Berlin]', false],
    ['daily 22:00-24:00', '2026-11-27T23:59[Europe/Berlin]', true],
    ['daily 22:00-24:00', '2026-11-28T00:00[Europe/Berlin]', false],
    // Dates with windows, over midnight too.
    ['2026-12-24..2026-12-26 22:00-02:00', '2026-12-27T01:59[Europe/Berlin]', true],
    ['2026-12-24..2026-12-26 22:00-02:00', '2026-12-24T01:59[Europe/Berlin]', false],
    ['2026-12-24, 2026-12-31 18:00-24:00', '2026-12-31T18:00[Europe/Berlin]', true],
    ['2026-12-24, 2026-12-31 18:00-24:00', '2026-12-25T18:00[Europe/Berlin]', false],
    // Without a window `except` takes the windows that start on its days …
    ['daily 22:00-06:00 except 2026-12-24', '2026-12-25T05:00[Europe/Berlin]', false],
    ['daily 22:00-06:00 except 2026-12-24', '2026-12-24T05:00[Europe/Berlin]', true],
    // … and with one its own instants.
    ['daily 22:00-06:00 except daily 00:00-05:00', '2026-12-24T04:59[Europe/Berlin]', false],
    ['daily 22:00-06:00 except daily 00:00-05:00', '2026-12-24T05:00[Europe/Berlin]', true],
    ['weekdays except fri 12:00-24:00 except 2026-12-24', '2026-12-25T11:59[Europe/Berlin]', true],
    ['weekdays except fri 12:00-24:00 except 2026-12-24', '2026-12-25T12:00[Europe/Berlin]', false],
    ['sat-mon, wed', '2026-11-23T12:00[Europe/Berlin]', true],
    ['sat-mon, wed', '2026-11-24T12:00[Europe/Berlin]', false],
    // A start that is skipped, half an hour of it, and a midnight.
    ['daily 02:15-02:30', '2026-10-04T02:30+11:00[Australia/Lord_Howe]', false],
    ['daily 02:15-02:45', '2026-10-04T02:30+11:00[Australia/Lord_Howe]', true],
    ['sun 00:00-02:00', '2018-11-04T01:00-02:00[America/Sao_Paulo]', true],
    ['sat 23:00-24:00', '2018-02-17T23:30-02:00[America/Sao_Paulo]', true],
    ['sat 23:00-24:00', '2018-02-17T23:30-03:00[America/Sao_Paulo]', true],
    // A day that was left out.
    ['2011-12-30', '2011-12-29T23:59[Pacific/Apia]', false],
    ['2011-12-30', '2011-12-31T00:00[Pacific/Apia]', false],
    ['2011-12-29 22:00-06:00', '2011-12-31T05:00[Pacific/Apia]', false],
  ];
  for (const [text, instant, expected] of cases) {
    it(`\`${text}\` ${expected ? 'holds' : 'does not hold'} ${instant}`, () => {
      const { timeZoneId, epochMilliseconds } = Temporal.ZonedDateTime.from(instant);
      expect(calendarContains(calendarOf(text), epochMilliseconds, timeZoneId)).to.equal(expected);
    });
  }
});
