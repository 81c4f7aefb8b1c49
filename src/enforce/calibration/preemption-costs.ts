import { PASSES, type PreemptionRound, type Visit } from './preemption-round.js';

/** Longer ones are turns of other processes, or of the hypervisor's other guests: a turn takes a millisecond and more. */
export const LONGEST_COST_NS = 1_000_000;

/**
 * What each preemption of a round on one core cost, ns: for how much longer than undisturbed the preempted process and the
 * visit took together. That is the timer's interrupt, the switch to the visitor, the switch back, and what both spent on
 * getting their working sets into the cache again. Not in it: what either does anyway, its measuring calls included.
 */
export function preemptionCosts(round: PreemptionRound, core: number): readonly number[] {
  return round.visits.flatMap((visit, index) => {
    if (visit.core !== core) return [];
    const pass = round.passes.findLast(({ fromNs }) => fromNs <= visit.fromNs);
    if (!pass || pass.untilNs < visit.untilNs) return [];
    // A second visit within the same passes would be counted as this one's cost.
    const { [index - 1]: before, [index + 1]: after } = round.visits;
    if ((before && before.untilNs >= pass.fromNs) || (after && after.fromNs <= pass.untilNs)) return [];
    const costNs = pass.untilNs - pass.fromNs - PASSES * round.residentPassNs - ownTimeNs(visit, round);
    return costNs > 0 && costNs <= LONGEST_COST_NS ? [costNs] : [];
  });
}

const ownTimeNs = ({ touchedNs, untilNs }: Visit, { warmVisitNs }: PreemptionRound): number =>
  untilNs - touchedNs + warmVisitNs;
