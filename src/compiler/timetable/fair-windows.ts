/** A guest that takes part in a fair division of time: all its vCPUs run, or none. */
export interface FairGang {
  /** vCPUs that run at once. */
  readonly width: number;
  /** The part of all slots that it is to have, above 0 and at most 1. */
  readonly rate: number;
  /** The least number of slots that is promised; 0: none. */
  readonly floor: number;
  /** Indices of the ceilings that it runs under. */
  readonly ceilings: readonly number[];
}

/**
 * For each gang the slots in which it runs, ascending. Stride scheduling (Waldspurger and Weihl 1995) of gangs on several
 * processors: a gang's k-th slot is due at k/rate and not given before (k − 1)/rate; in each slot those run whose next is due
 * first, as far as they fit into the vCPUs that are free in it under each of the ceilings (`free[slot][ceiling]`); what is then
 * left goes to whoever wants to be ahead for a floor. Whoever does not fit is first in the next slot, so that nobody is more
 * than a slot behind for long.
 *
 * The priorities are floats: they decide who is first, and nothing else; what comes of it is counted.
 */
export function fairSlots(
  gangs: readonly FairGang[],
  free: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const given = gangs.map((): number[] => []);
  const dueOf = (index: number): number => (given[index]!.length + 1) / gangs[index]!.rate;
  const isOwed = (index: number, slot: number): boolean =>
    given[index]!.length <= slot * gangs[index]!.rate + ROUNDING;
  const isShort = (index: number): boolean => given[index]!.length < gangs[index]!.floor;
  const all = gangs.map((_, index) => index);
  for (const [slot, vcpus] of free.entries()) {
    const left = [...vcpus];
    const run = (candidates: readonly number[]): void => {
      for (const index of [...candidates].sort((a, b) => dueOf(a) - dueOf(b) || a - b)) {
        // INVARIANT: indices of gangs and of ceilings.
        const { width, ceilings } = gangs[index]!;
        if (ceilings.some((one) => width > left[one]!) || given[index]!.at(-1) === slot) continue;
        for (const one of ceilings) left[one]! -= width;
        given[index]!.push(slot);
      }
    };
    run(all.filter((index) => isOwed(index, slot)));
    run(all.filter((index) => isShort(index)));
  }
  return given;
}

/** Far below the difference of two rates in a few thousand slots. */
const ROUNDING = 1e-9;
