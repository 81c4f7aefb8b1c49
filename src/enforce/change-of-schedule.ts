import type { Plan, Schedule } from '../compiler/plan.js';
import type { Action } from './host.js';
import type { Attempt } from './refusals.js';

/**
 * A two-step change under way: reservations have been told to shrink or go; growth waits until the longest of the old
 * periods has passed since the last of them did (analysis: changes of mode).
 */
export interface Settling {
  readonly longestPeriodNs: bigint;
  /** Null: nothing has shrunk yet. */
  readonly untilNs: bigint | null;
}

/**
 * Null: the change is safe at once. The plan lists every change of its own that is not; one from the schedule of another
 * plan is taken in two steps, which is always safe.
 */
export function beginChange(plan: Plan, from: Schedule | null, to: Schedule): Settling | null {
  if (from === null || from === to || from.servers.length === 0 || to.servers.length === 0) return null;
  const known = plan.transitions.find((one) => one.from === from.id && one.to === to.id);
  const ours = plan.schedules.includes(from) && plan.schedules.includes(to);
  if (ours && known?.steps !== 'two-step') return null;
  return { longestPeriodNs: longestPeriod([from]), untilNs: null };
}

/** Each reservation that shrinks or goes starts the wait anew; when none had to, growth need not wait. */
export function afterHeldStep(
  settling: Settling,
  attempts: readonly Attempt[],
  nowNs: bigint,
): Settling | null {
  const freed = attempts.some(({ action, outcome }) => outcome.ok && FREEING.has(action.kind));
  if (freed) return { ...settling, untilNs: nowNs + settling.longestPeriodNs };
  return settling.untilNs === null || nowNs >= settling.untilNs ? null : settling;
}

const FREEING: ReadonlySet<Action['kind']> = new Set(['reserve', 'unreserve', 'release']);

export function longestPeriod(schedules: readonly Schedule[]): bigint {
  const periods = schedules.flatMap(({ servers }) => servers.map(({ periodNs }) => periodNs));
  return BigInt(periods.reduce((longest, period) => Math.max(longest, period), 0));
}
