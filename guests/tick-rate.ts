import { setTimeout as delay } from 'node:timers/promises';
import type { StartedGuest } from './start-guest.js';

/**
 * Timer interrupts per second that a guest counts over `ms` from now: exact to the ticks of one line. Throws a RangeError for
 * a guest without a timer.
 */
export async function tickRate(guest: StartedGuest, ms: number): Promise<number> {
  const before = await guest.progress();
  await delay(ms);
  const after = await guest.progress();
  if (before.ticks === null || after.ticks === null) throw new RangeError('the guest has no timer');
  return (1e9 * Number(after.ticks - before.ticks)) / Number(after.atNs - before.atNs);
}
