import { catalogue } from '../catalogue.js';
import { eachConditionPart } from '../traversal.js';
import type { CalendarAtom, DateItem, Window } from '../tree.js';
import type { CheckInput } from './check.js';

/** Clocks and dates exist, windows are not empty, ranges of dates do not run backwards. */
export function checkCalendarValues(input: CheckInput): void {
  eachConditionPart(input.policy, (part) => {
    if (part.kind !== 'days' && part.kind !== 'dates') return;
    checkWindows(part, input);
    if (part.kind === 'dates') for (const range of part.ranges) checkDates(range, input);
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

function checkDates({ first, last, span }: DateItem, { reporter }: CheckInput): void {
  const place = reporter.place(span);
  const bad = [first, last].find((date) => !isDate(date));
  if (bad !== undefined) reporter.add(catalogue.badDate.at(place, { date: bad }));
  else if (last < first) reporter.add(catalogue.reversedDates.at(place, { first, last }));
}

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** In the proleptic Gregorian calendar, from year 1 on. */
function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = DAYS_OF_MONTH[month - 1];
  return year >= 1 && length !== undefined && day >= 1 && day <= length + (isLeap ? 1 : 0);
}
