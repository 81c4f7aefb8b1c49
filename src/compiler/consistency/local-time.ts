import type { Calendar } from '../plan.js';

type Windows = Extract<Calendar, { kind: 'days' }>['windows'];

/** What clocks show: days since 1970-01-01, and minutes of the day. */
export interface LocalTime {
  readonly day: number;
  readonly minute: number;
}

const DAY_MINUTES = 1440;
const DAY_MS = 86_400_000;
const WEEKDAYS = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'] as const;

/** Of an instant as RFC 9557 writes it: "2026-11-23T10:00:00+01:00[Europe/Berlin]"; null: it is none of that zone. */
export function localTime(text: string, zone: string): LocalTime | null {
  const [, date = '', hour = '', minute = '', named] =
    /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):\d\d[+-]\d\d:\d\d\[(.+)\]$/.exec(text) ?? [];
  return named === zone ? { day: dayOf(date), minute: Number(hour) * 60 + Number(minute) } : null;
}

/** Whether a calendar has this minute; windows of the day before may reach into it. */
export function isIn(calendar: Calendar, { day, minute }: LocalTime): boolean {
  if (calendar.kind === 'except' && hasWindows(calendar.removed))
    return isIn(calendar.base, { day, minute }) && !isIn(calendar.removed, { day, minute });
  return (
    startsOn(calendar, { day, minute }) || startsOn(calendar, { day: day - 1, minute: minute + DAY_MINUTES })
  );
}

/** Whether a window that starts on this day has this minute after its midnight. */
function startsOn(calendar: Calendar, at: LocalTime): boolean {
  if (calendar.kind !== 'except') return hasDay(calendar, at.day) && isWithin(calendar.windows, at.minute);
  if (!hasWindows(calendar.removed)) return !hasDay(calendar.removed, at.day) && startsOn(calendar.base, at);
  const { day, minute } = at;
  const shown = minute < DAY_MINUTES ? at : { day: day + 1, minute: minute - DAY_MINUTES };
  return startsOn(calendar.base, at) && !isIn(calendar.removed, shown);
}

function hasDay(calendar: Calendar, day: number): boolean {
  switch (calendar.kind) {
    case 'days':
      return calendar.weekdays.some((name) => name === WEEKDAYS[((day % 7) + 7) % 7]);
    case 'dates':
      return calendar.ranges.some(({ first, last }) => dayOf(first) <= day && day <= dayOf(last));
    case 'except':
      return hasDay(calendar.base, day) && !hasDay(calendar.removed, day);
  }
}

const hasWindows = (calendar: Calendar): boolean =>
  calendar.kind === 'except'
    ? hasWindows(calendar.base) || hasWindows(calendar.removed)
    : calendar.windows.length > 0;

/** Half-open; one that ends no later than it starts ends on the day after. None: the whole day. */
function isWithin(windows: Windows, minute: number): boolean {
  if (windows.length === 0) return minute < DAY_MINUTES;
  return windows.some(({ startMinute: start, endMinute: end }) => {
    const until = end <= start ? end + DAY_MINUTES : end;
    return start <= minute && minute < until;
  });
}

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
