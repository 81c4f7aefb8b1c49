import { candidatePeriods, mostBudgetNs, type SearchTerms } from './cheapest-server.js';
import type { TestPoint } from './demand.js';
import { RepeatedTest, type Requirement } from './requirement.js';
import { type PeriodicServer, supplyOf, windowToSupply } from './supply.js';

/** The server that comes nearest to a requirement that none meets, and where it fails; null: in the long run. */
export interface ClosestMiss {
  readonly server: PeriodicServer;
  readonly point: TestPoint | null;
}

/**
 * Of the largest servers that cost at most `mostRate`, one for each period, that which is the least late with what is needed
 * where it fails. Null when not even the longest period leaves room for a budget.
 */
export function closestMiss(requirement: Requirement, terms: SearchTerms): ClosestMiss | null {
  const repeated = new RepeatedTest(requirement);
  let [closest, least]: [ClosestMiss | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const periodNs of candidatePeriods(terms)) {
    const server = { periodNs, budgetNs: mostBudgetNs(periodNs, terms.mostRate, terms) };
    if (server.budgetNs < terms.leastBudgetNs) continue;
    const supply = supplyOf(server, terms.tickNs);
    const verdict = repeated.test(supply);
    if (verdict.kind !== 'unmet') continue;
    const { point } = verdict;
    const lateness = point === null ? least : windowToSupply(supply, point.demandNs) / point.windowNs;
    if (closest === null || lateness < least) [closest, least] = [{ server, point }, lateness];
  }
  return closest;
}
