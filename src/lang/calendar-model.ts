import { unreachable } from '../support/invariant.js';
import type { Calendar, ClockWindow, Weekday } from './model.js';
import type { Scope } from './scope.js';
import type { CalendarAtom, Condition, DayItem, Window } from './tree.js';
import { WEEKDAYS } from './words.js';

const DAY_SETS: Readonly<Record<string, readonly Weekday[]>> = {
  daily: WEEKDAYS,
  weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  weekends: ['sat', 'sun'],
};

/** The calendar that a condition is, names looked up; null when it is none, or is defined by itself. */
export function calendarOf(condition: Condition, scope: Scope): Calendar | null {
  switch (condition.kind) {
    case 'days':
    case 'dates':
      return calendarOfAtom(condition);
    case 'except': {
      const operands = [condition.base, ...condition.removed].map((part) => calendarOf(part, scope));
      return operands.reduce((base, removed) => base && removed && { kind: 'except', base, removed });
    }
    case 'reference': {
      const { head, path } = condition.signal;
      if (head.kind !== 'named' || path.length > 0) return null;
      const declared = scope.find(head.name.text);
      return declared?.kind === 'let' ? calendarOf(declared.condition, scope) : null;
    }
    default:
      return null;
  }
}

export function calendarOfAtom(atom: CalendarAtom): Calendar {
  switch (atom.kind) {
    case 'days': {
      const days = new Set(atom.days.flatMap(daysOf));
      const weekdays = WEEKDAYS.filter((day) => days.has(day));
      return { kind: 'days', weekdays, windows: atom.windows.map(minutesOf) };
    }
    case 'dates': {
      const ranges = atom.ranges.map(({ first, last }) => ({ first, last }));
      return { kind: 'dates', ranges, windows: atom.windows.map(minutesOf) };
    }
    default:
      return unreachable(atom);
  }
}

const DAY_NAMES: readonly string[] = WEEKDAYS;

/** `fri-mon` goes over the weekend. */
function daysOf({ first, last }: DayItem): readonly Weekday[] {
  const set = DAY_SETS[first];
  if (set !== undefined) return set;
  const start = DAY_NAMES.indexOf(first);
  const end = DAY_NAMES.indexOf(last);
  const length = ((end - start + WEEKDAYS.length) % WEEKDAYS.length) + 1;
  return [...WEEKDAYS, ...WEEKDAYS].slice(start, start + length);
}

const minutesOf = ({ start, end }: Window): ClockWindow => ({
  startMinute: minuteOf(start),
  endMinute: minuteOf(end),
});

/** Minutes after midnight of `HH:MM`. */
export function minuteOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}
