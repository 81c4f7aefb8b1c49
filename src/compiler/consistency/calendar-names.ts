import type { Calendar } from '../plan.js';

const GROUPS: ReadonlyMap<string, string> = new Map([
  ['mon,tue,wed,thu,fri,sat,sun', 'daily'],
  ['mon,tue,wed,thu,fri', 'weekdays'],
  ['sat,sun', 'weekends'],
]);

/** "weekdays 09:00-17:00", "daily except 2026-12-24..2026-12-31". */
export function calendarName(calendar: Calendar): string {
  if (calendar.kind === 'except') {
    const { base, removed } = calendar;
    const name = calendarName(removed);
    return `${calendarName(base)} except ${removed.kind === 'except' ? `(${name})` : name}`;
  }
  const days =
    calendar.kind === 'days'
      ? (GROUPS.get(calendar.weekdays.join()) ?? calendar.weekdays.join())
      : calendar.ranges.map(({ first, last }) => (first === last ? first : `${first}..${last}`)).join(', ');
  const windows = calendar.windows.map((one) => `${clock(one.startMinute)}-${clock(one.endMinute)}`);
  return windows.length > 0 ? `${days} ${windows.join(', ')}` : days;
}

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
