import { RepeatedTest, type Requirement } from './requirement.js';
import { type Supply, supplyOf } from './supply.js';

/** How the host keeps servers, and to what their budgets and periods are rounded. */
export interface ServerTerms {
  /** See {@link supplyOf}. */
  readonly tickNs: number;
  /** Budgets and periods are multiples of it. */
  readonly granuleNs: number;
  /** What a server costs in each of its periods beside its budget: two context switches. */
  readonly overheadNs: number;
  /** The least budget that the kernel takes. */
  readonly leastBudgetNs: number;
}

/**
 * The least budget, in granules, with which a server of this period meets a requirement, at most `mostNs` and below the
 * period; null when there is none. Exact: supply grows with the budget, with ticks as well.
 */
export function leastBudget(
  requirement: Requirement | RepeatedTest,
  periodNs: number,
  { tickNs, granuleNs, leastBudgetNs }: Pick<ServerTerms, 'tickNs' | 'granuleNs' | 'leastBudgetNs'>,
  mostNs: number = periodNs,
): number | null {
  const repeated = requirement instanceof RepeatedTest ? requirement : new RepeatedTest(requirement);
  const supply = (granules: number): Supply => supplyOf({ budgetNs: granules * granuleNs, periodNs }, tickNs);
  const least = Math.ceil(leastBudgetNs / granuleNs);
  const most = Math.floor(Math.min(mostNs, periodNs - granuleNs) / granuleNs);
  if (most < least || repeated.refute(supply(most)) !== null) return null;
  const first = leastTrue(least - 1, most, (granules) => repeated.refute(supply(granules)) === null);
  const found = firstTrue(first, most, (granules) => repeated.test(supply(granules)).kind === 'met');
  return found === null ? null : found * granuleNs;
}

/** The least number above `low` of which a monotone property holds, as it does of `high`: by bisection. */
function leastTrue(low: number, high: number, holds: (value: number) => boolean): number {
  let [below, reached] = [low, high];
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2);
    if (holds(middle)) reached = middle;
    else below = middle;
  }
  return reached;
}

/** The least number from `first`, where it likely is, to `last`: by growing steps, then bisection. Null: none. */
function firstTrue(first: number, last: number, holds: (value: number) => boolean): number | null {
  let [below, step] = [first - 1, 1];
  for (;;) {
    const next = Math.min(below + step, last);
    if (holds(next)) return leastTrue(below, next, holds);
    if (next === last) return null;
    below = next;
    step *= 2;
  }
}
