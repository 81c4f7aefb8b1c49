import type { Usage } from '../account/usage.js';
import type { RunningTimetable } from '../host.js';

/**
 * By guest, for how long at a stretch a timetable holds it at most, ns; infinite for one that it pauses. Guests that are not
 * in it are never held.
 */
export function longestHolds(timetable: RunningTimetable | null): ReadonlyMap<string, number> {
  return new Map(
    (timetable?.entries ?? []).map(({ guest, windows }) => [
      guest,
      longestHold(windows, Number(timetable?.hyperperiodNs ?? 0n)),
    ]),
  );
}

function longestHold(windows: RunningTimetable['entries'][number]['windows'], hyperperiodNs: number): number {
  const sorted = windows
    .map(({ startNs, endNs }) => ({ startNs: Number(startNs), endNs: Number(endNs) }))
    .sort((a, b) => a.startNs - b.startNs);
  const [first] = sorted;
  if (first === undefined) return Number.POSITIVE_INFINITY;
  let [longest, endNs] = [0, first.endNs];
  for (const window of [...sorted.slice(1), { startNs: first.startNs + hyperperiodNs, endNs: 0 }]) {
    longest = Math.max(longest, window.startNs - endNs);
    endNs = Math.max(endNs, window.endNs);
  }
  return longest;
}

/** Nearly all of an interval: it goes on from the one before. */
const WHOLE = 0.95;

/**
 * For how long at a stretch one guest was kept from a CPU that it wanted, at most: what it waited in an interval and what a
 * stop of its timetable takes came in one piece in the worst case, and intervals that are all gap are one gap.
 */
export class GapBound {
  #runNs = 0;

  /** Null: waiting is not measured. What its user stopped wants nothing. */
  after({ waitNs, stoppedNs, stoppedByUser }: Usage, elapsedNs: number, holdNs: number): number | null {
    if (stoppedByUser) {
      this.#runNs = 0;
      return 0;
    }
    if (waitNs === null) return null;
    const boundNs = Math.min(elapsedNs, waitNs + Math.min(stoppedNs, holdNs));
    this.#runNs = boundNs >= WHOLE * elapsedNs ? this.#runNs + boundNs : 0;
    return Math.max(boundNs, this.#runNs);
  }
}
