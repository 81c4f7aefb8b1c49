import { catalogue } from '../catalogue.js';
import { eachConditionPart, eachTestLine } from '../traversal.js';
import type { CalendarAtom, DateItem, Span, TestLine, Window } from '../tree.js';
import type { CheckInput } from './check.js';

/** Clocks and dates exist, windows are not empty, ranges of dates do not run backwards. */
export function checkCalendarValues(input: CheckInput): void {
  eachConditionPart(input.policy, (part) => {
    if (part.kind !== 'days' && part.kind !== 'dates') return;
    checkWindows(part, input);
    if (part.kind === 'dates') for (const range of part.ranges) checkDates(range, input);
  });
  eachTestLine(input.policy, (line) => {
    if (line.kind === 'at') checkTime(line, input);
  });
}

function checkWindows(atom: CalendarAtom, { reporter }: CheckInput): void {
  for (const window of atom.windows) {
    const place = reporter.place(window.span);
    const bad = badClocks(window)[0];
    if (bad !== undefined) reporter.add(catalogue.badClock.at(place, { clock: bad }));
    else if (window.start === window.end) {
      reporter.add(catalogue.emptyWindow.at(place, { clock: window.start }));
    }
  }
}

const CLOCK = /^(?:[01]?\d|2[0-3]):[0-5]?\d$/;

function badClocks({ start, end }: Window): readonly string[] {
  return [...(CLOCK.test(start) ? [] : [start]), ...(CLOCK.test(end) || end === '24:00' ? [] : [end])];
}

function checkTime({ date, clock }: Extract<TestLine, { kind: 'at' }>, input: CheckInput): void {
  const { reporter } = input;
  checkDate(date.text, date.span, input);
  if (CLOCK.test(clock.text)) return;
  reporter.add(catalogue.badClock.at(reporter.place(clock.span), { clock: clock.text }));
}

function checkDates({ first, last, span }: DateItem, input: CheckInput): void {
  if (!checkDate(first, span, input) || (last !== first && !checkDate(last, span, input))) return;
  if (dayNumber(last) >= dayNumber(first)) return;
  const { reporter } = input;
  const fix = reporter.replacement(span, `${last}..${first}`);
  reporter.add(catalogue.reversedDates.at(reporter.place(span), { first, last }, { fix }));
}

/** Ascending with the date, also where digits are missing. */
function dayNumber(date: string): number {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return (year * 12 + month) * 31 + day;
}

/** Years of which clocks and calendars are known, or will still be as they are now. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

function checkDate(date: string, span: Span, { reporter }: CheckInput): boolean {
  const place = reporter.place(span);
  if (!isDate(date)) {
    reporter.add(catalogue.badDate.at(place, { date }));
    return false;
  }
  const year = Number(date.slice(0, 4));
  if (year >= FIRST_YEAR && year <= LAST_YEAR) return true;
  const range = `from ${FIRST_YEAR}-01-01 to ${LAST_YEAR}-12-31`;
  reporter.add(catalogue.outOfRange.at(place, { what: 'A date', found: `\`${date}\``, range }));
  return false;
}

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** In the proleptic Gregorian calendar. */
function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = DAYS_OF_MONTH[month - 1];
  return length !== undefined && day >= 1 && day <= length + (isLeap ? 1 : 0);
}
