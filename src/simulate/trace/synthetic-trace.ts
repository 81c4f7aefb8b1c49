import { weekdayOfDay } from '../../compiler/calendar/civil-day.js';
import { localMinute } from '../../compiler/calendar/zone.js';
import { randomFrom } from './random.js';
import type { Trace } from './trace.js';

export interface SyntheticOptions {
  readonly startMs: number;
  readonly stepMs: number;
  readonly length: number;
  readonly zone: string;
  readonly seed: number;
}

type Activity = 'away' | 'light' | 'busy';

/** Mean and spread of what the owner wants, in % of cpu. */
const LEVELS: { readonly [A in Activity]: readonly [mean: number, spread: number] } = {
  away: [2, 1],
  light: [14, 6],
  busy: [82, 10],
};
/** How long each lasts on average, seconds. */
const LASTS: { readonly [A in Activity]: number } = { away: 1500, light: 700, busy: 240 };
/** How much of a step's level comes from the second before: load has a memory. */
const MEMORY_PER_SECOND = 0.9;
/** Between two inputs of somebody who works, seconds. */
const INPUT_EVERY = 12;

/**
 * The days of somebody who works at a workstation: there from half past eight to six with a lunch break, sometimes in
 * the evening and at weekends; mostly light work with bursts of computation. `owner.demand` and `user.idle`; the same
 * for the same seed. A model to try policies on, no recording.
 */
export function syntheticTrace({ startMs, stepMs, length, zone, seed }: SyntheticOptions): Trace {
  const random = randomFrom(seed);
  const demand = new Float64Array(length);
  const idle = new Float64Array(length);
  const stepSeconds = stepMs / 1000;
  const memory = MEMORY_PER_SECOND ** stepSeconds;
  let activity: Activity = 'away';
  let level = LEVELS.away[0];
  let idleSeconds = 3600;
  let presence = 0;
  for (let place = 0; place < length; place++) {
    const nowMs = startMs + place * stepMs;
    if (place === 0 || Math.floor(nowMs / 60_000) !== Math.floor((nowMs - stepMs) / 60_000)) {
      presence = presenceAt(zone, nowMs);
    }
    if (random() < 1 - Math.exp(-stepSeconds / LASTS[activity])) activity = nextActivity(presence, random());
    const [mean, spread] = LEVELS[activity];
    level = memory * level + (1 - memory) * mean + Math.sqrt(1 - memory ** 2) * spread * normal(random);
    demand[place] = Math.round(10 * Math.min(100, Math.max(0, level))) / 10;
    const input = activity !== 'away' && random() < 1 - Math.exp(-stepSeconds / INPUT_EVERY);
    idleSeconds = input ? 0 : idleSeconds + stepSeconds;
    idle[place] = idleSeconds;
  }
  const columns = new Map([
    ['owner.demand', demand],
    ['user.idle', idle],
  ]);
  return { startMs, stepMs, length, columns };
}

/** Of 1: how probably the owner is there. */
function presenceAt(zone: string, nowMs: number): number {
  const { day, minute } = localMinute(zone, nowMs);
  const weekend = ['sat', 'sun'].includes(weekdayOfDay(day));
  const hour = minute / 60;
  if (hour < 7 || hour >= 23.5) return 0.02;
  if (weekend) return hour >= 10 ? 0.2 : 0.03;
  if (hour >= 12 && hour < 13) return 0.15;
  if (hour >= 8.5 && hour < 18) return 0.9;
  return 0.25;
}

function nextActivity(presence: number, draw: number): Activity {
  if (draw >= presence) return 'away';
  return draw < presence * 0.35 ? 'busy' : 'light';
}

/** Roughly normal: the sum of three uniform numbers, scaled to variance 1. */
const normal = (random: () => number): number => 2 * (random() + random() + random() - 1.5);
