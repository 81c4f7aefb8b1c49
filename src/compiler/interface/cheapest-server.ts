import { type Rational, rational } from '../../support/rational.js';
import { leastBudget, type ServerTerms } from './least-budget.js';
import { RepeatedTest, type Requirement } from './requirement.js';
import { type PeriodicServer, supplyOf } from './supply.js';

export interface SearchTerms extends ServerTerms {
  readonly leastPeriodNs: number;
  readonly mostPeriodNs: number;
  /** Ascending: only these; absent: {@link candidatePeriods}. */
  readonly periodsNs?: readonly number[];
  /** What a server may cost, overhead included: at most 1. */
  readonly mostRate: Rational;
}

/** Every so many-th period is tried before the search. */
const FIRST_STEP = 100;

/**
 * The server that meets a requirement at the least cost (Θ + overhead) / Π, of equally cheap ones that with the longest
 * period; null when none costs at most `mostRate`. Exact over the periods of {@link candidatePeriods}, by branch and bound:
 * a range [a, b] of periods is dropped when even a supply better than that of every server in it that would be cheaper
 * than the best known does not suffice, namely one with the budget that such a server can have at b, and the gap at a.
 */
export function cheapestServer(requirement: Requirement, terms: SearchTerms): PeriodicServer | null {
  const search = new Search(requirement, terms);
  search.visit((index) => {
    search.improve(index);
    return false;
  });
  return search.best;
}

/** Whether there is such a server at all. */
export function someServer(requirement: Requirement, terms: SearchTerms): boolean {
  const search = new Search(requirement, terms);
  return search.visit((index) => search.affords(index));
}

/**
 * Periods of up to three significant digits in granules: others save less than a thousandth, and nobody can read them.
 * Ascending.
 */
export function candidatePeriods({
  leastPeriodNs,
  mostPeriodNs,
  granuleNs,
}: Pick<SearchTerms, 'leastPeriodNs' | 'mostPeriodNs' | 'granuleNs'>): readonly number[] {
  const periods: number[] = [];
  for (let [step, granules] = [1, 1]; granules * granuleNs <= mostPeriodNs; granules += step) {
    if (granules * granuleNs >= leastPeriodNs) periods.push(granules * granuleNs);
    if (granules === 1000 * step) step *= 10;
  }
  return periods;
}

/** Whether to end the visit. INVARIANT: indices are those of the candidate periods. */
type Visitor = (index: number) => boolean;

class Search {
  best: PeriodicServer | null = null;
  #bestCost: Rational;
  readonly #periods: readonly number[];
  readonly #test: RepeatedTest;
  readonly #terms: SearchTerms;

  constructor(requirement: Requirement, terms: SearchTerms) {
    this.#test = new RepeatedTest(requirement);
    this.#terms = terms;
    this.#periods = terms.periodsNs ?? candidatePeriods(terms);
    this.#bestCost = terms.mostRate;
  }

  /** Shows the visitor some periods, then all others that the bound leaves; whether it ended the visit. */
  visit(visitor: Visitor): boolean {
    const starts = this.#periods.flatMap((_, index) => (index % FIRST_STEP === 0 ? [index] : []));
    return (
      starts.some(visitor) ||
      starts.some((first) =>
        this.#explore(first, Math.min(first + FIRST_STEP, this.#periods.length) - 1, visitor),
      )
    );
  }

  /** Takes the cheapest server of this period, if it is better than the best so far. */
  improve(index: number): void {
    const periodNs = this.#periods[index]!;
    const budgetNs = leastBudget(this.#test, periodNs, this.#terms, this.#betterBudgetNs(periodNs));
    if (budgetNs === null) return;
    this.best = { budgetNs, periodNs };
    this.#bestCost = rational(BigInt(budgetNs + this.#terms.overheadNs), BigInt(periodNs));
  }

  /** Whether the largest server of this period that is not too dear meets the requirement. */
  affords(index: number): boolean {
    const periodNs = this.#periods[index]!;
    const budgetNs = this.#betterBudgetNs(periodNs);
    if (budgetNs < this.#terms.leastBudgetNs) return false;
    return this.#test.test(supplyOf({ budgetNs, periodNs }, this.#terms.tickNs)).kind === 'met';
  }

  #explore(first: number, last: number, visitor: Visitor): boolean {
    if (this.#isHopeless(first, last)) return false;
    if (first === last) return visitor(first);
    const middle = Math.floor((first + last) / 2);
    return this.#explore(first, middle, visitor) || this.#explore(middle + 1, last, visitor);
  }

  #isHopeless(first: number, last: number): boolean {
    const [shortestNs, longestNs] = [this.#periods[first]!, this.#periods[last]!];
    const { leastBudgetNs, tickNs } = this.#terms;
    const budgetNs = mostBudgetNs(longestNs, this.#bestCost, this.#terms);
    if (budgetNs < leastBudgetNs) return true;
    // INVARIANT: costs are at most 1, so that a period longer by some granules affords at most so many more.
    const gapNs = shortestNs - mostBudgetNs(shortestNs, this.#bestCost, this.#terms);
    // The least that any smaller budget leaves: ⌊tick / Θ⌋ Θ > tick − Θ.
    const aheadNs = tickNs + Math.max(0, tickNs - budgetNs);
    return this.#test.refute({ budgetNs, gapNs, aheadNs }) !== null;
  }

  /** The largest budget with which a server of this period is better than the best. */
  #betterBudgetNs(periodNs: number): number {
    const below = this.best !== null && periodNs <= this.best.periodNs;
    return mostBudgetNs(periodNs, this.#bestCost, this.#terms, below);
  }
}

/**
 * The largest budget with which a server of this period costs at most `rate` ≤ 1, or less than it where `below`, and leaves
 * a gap; 0 when there is none.
 */
export function mostBudgetNs(
  periodNs: number,
  { num, den }: Rational,
  { granuleNs, overheadNs }: Pick<ServerTerms, 'granuleNs' | 'overheadNs'>,
  below = false,
): number {
  const affordable = num * BigInt(periodNs) - BigInt(overheadNs) * den - (below ? 1n : 0n);
  const granules = affordable < 0n ? 0n : affordable / (den * BigInt(granuleNs));
  return Math.min(Number(granules) * granuleNs, periodNs - granuleNs);
}
