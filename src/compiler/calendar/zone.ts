import { dateOfDay, MINUTES_PER_DAY } from './civil-day.js';

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = MINUTES_PER_DAY * MS_PER_MINUTE;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Wall-clock time: a civil day (days since 1970-01-01) and the minute of it. */
export interface LocalMinute {
  readonly day: number;
  readonly minute: number;
}

/** Whether the platform's time zone database has this IANA name. */
export function isKnownZone(zone: string): boolean {
  try {
    formatter(zone);
    return true;
  } catch {
    return false;
  }
}

/** Local time less UTC, in milliseconds. Throws a RangeError for an unknown zone. */
export function offsetAt(zone: string, epochMs: number): number {
  if (zone === 'UTC' || zone === 'Etc/UTC') return 0;
  const fields = new Map(
    formatter(zone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const field = (name: Intl.DateTimeFormatPartTypes) => fields.get(name) ?? 0;
  const local = Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour'),
    field('minute'),
    field('second'),
  );
  return local - Math.floor(epochMs / 1000) * 1000;
}

export function localMinute(zone: string, epochMs: number): LocalMinute {
  const local = epochMs + offsetAt(zone, epochMs);
  const day = Math.floor(local / MS_PER_DAY);
  return { day, minute: Math.floor((local - day * MS_PER_DAY) / MS_PER_MINUTE) };
}

/** The instants at which the clocks show the start of a minute: none in a gap, two in an hour that happens twice. */
export function instantsOf(zone: string, day: number, minute: number): readonly number[] {
  const local = day * MS_PER_DAY + minute * MS_PER_MINUTE;
  const offsets = new Set([-MS_PER_DAY, 0, MS_PER_DAY].map((shift) => offsetAt(zone, local + shift)));
  return [...offsets]
    .map((offset) => local - offset)
    .filter((instant) => instant + offsetAt(zone, instant) === local)
    .sort((a, b) => a - b);
}

/** The instant of the change between two instants whose offsets differ; null when they do not. */
export function clockChangeBetween(zone: string, fromMs: number, toMs: number): number | null {
  const before = offsetAt(zone, fromMs);
  if (offsetAt(zone, toMs) === before) return null;
  let [low, high] = [fromMs, toMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** The change of the clocks on a civil day (with an hour to spare on both sides); null on most days. */
export function clockChangeOn(zone: string, day: number): number | null {
  const midnight = day * MS_PER_DAY;
  const from = midnight - offsetAt(zone, midnight) - MS_PER_MINUTE * 60;
  return clockChangeBetween(zone, from, from + MS_PER_DAY + MS_PER_MINUTE * 120);
}

/** RFC 9557: `2026-11-23T10:00:00+01:00[Europe/Berlin]`. */
export function formatInstant(zone: string, epochMs: number): string {
  const offset = Math.round(offsetAt(zone, epochMs) / MS_PER_MINUTE);
  const { day, minute } = localMinute(zone, epochMs);
  const seconds = two(Math.floor((((epochMs / 1000) % 60) + 60) % 60));
  return `${dateOfDay(day)}T${clock(minute)}:${seconds}${offset < 0 ? '-' : '+'}${clock(Math.abs(offset))}[${zone}]`;
}

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}
