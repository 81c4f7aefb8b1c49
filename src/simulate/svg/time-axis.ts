import { dateOfDay } from '../../compiler/calendar/civil-day.js';
import { localMinute } from '../../compiler/calendar/zone.js';
import type { Panel } from './chart.js';
import { at } from './svg-text.js';

const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 1440;
/** Between two ticks, in minutes of wall-clock time. */
const STEPS = [
  1,
  5,
  15,
  30,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
];
const MOST_TICKS = 15;

/** Ticks at round wall-clock times, with the date where a day begins. */
export function timeAxis(
  fromMs: number,
  toMs: number,
  zone: string,
  { left, width, top, height }: Panel,
): string {
  const minutes = (toMs - fromMs) / MINUTE_MS;
  const step =
    STEPS.find((one) => minutes / one <= MOST_TICKS) ?? Math.ceil(minutes / MOST_TICKS / DAY) * DAY;
  const ticks: string[] = [];
  let last: number | null = null;
  // Minute by minute would be slow over a month: a quarter of an hour is the least by which zones differ.
  const stride = Math.min(step, 15) * MINUTE_MS;
  for (let now = Math.ceil(fromMs / stride) * stride; now <= toMs; now += stride) {
    const { day, minute } = localMinute(zone, now);
    const place = Math.floor((day * DAY + minute) / step);
    if ((day * DAY + minute) % step !== 0 || place === last) continue;
    last = place;
    const x = left + (width * (now - fromMs)) / (toMs - fromMs);
    const label = minute === 0 ? dateOfDay(day).slice(5) : clock(minute);
    ticks.push(
      `<path class="tick" d="M${at(x)} ${at(top)}V${at(top + height)}"/>`,
      `<text class="axis" x="${at(x)}" y="${at(top + height + 14)}" text-anchor="middle">${label}</text>`,
    );
  }
  return ticks.join('');
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / HOUR)).padStart(2, '0')}:${String(minute % HOUR).padStart(2, '0')}`;
