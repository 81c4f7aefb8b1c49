import { compare, rational } from '../../support/rational.js';
import { exactUtilisation, lastDeadlineBefore, ROUNDING, type TaskSet, type TestPoint } from './demand.js';
import { type Supply, suppliedWithin, windowToSupply } from './supply.js';
import type { Verdict } from './verdict.js';

/** Deadlines looked at before a test is given up as undecided. */
const MOST_POINTS = 5000;
/** Windows beyond it are not looked at: sums of demand stay below 2^53. */
const MOST_WINDOW_NS = 2 ** 50;

/**
 * Whether tasks meet all deadlines under EDF on such a supply: dbf(t) ≤ sbf(t) at every deadline t (exact for sporadic
 * tasks: Shin and Lee 2003, theorem 4.1), by QPA: from {@link testBound} downwards, stepping over every window in which
 * as much is supplied as the deadline above it needs. That step has to be to min{s : sbf(s) ≥ dbf(t)}: the step of plain
 * QPA, to dbf(t), presumes a supply of t in t and accepts wrongly under less. Supplies whose bound is beyond `horizonNs`
 * are refused. Source: Zhang and Burns, "Schedulability analysis for real-time systems with EDF scheduling" (IEEE TC
 * 58(9), 2009).
 */
export function testEdf(
  tasks: TaskSet,
  supply: Supply,
  horizonNs: number = Number.POSITIVE_INFINITY,
): Verdict {
  const bound = testBound(tasks, supply);
  if (bound === null || bound > horizonNs) return { kind: 'unmet', point: null };
  if (bound > MOST_WINDOW_NS) return { kind: 'undecided' };
  const points: TestPoint[] = [];
  // Each task's first deadline is looked at whatever the bound: a proof without a point convinces nobody.
  let need = lastDeadlineBefore(tasks, Math.max(bound, tasks.longestDeadlineNs + 1));
  while (need !== null) {
    const { windowNs, demandNs } = need;
    const point = { windowNs, demandNs, supplyNs: suppliedWithin(supply, windowNs) };
    if (demandNs > point.supplyNs) return { kind: 'unmet', point };
    if (points.push(point) > MOST_POINTS) return { kind: 'undecided' };
    need = lastDeadlineBefore(tasks, windowToSupply(supply, demandNs));
  }
  return { kind: 'met', points: points.reverse() };
}

/**
 * From this window on none can lack supply: where Ut + Σ C (T − D) / T ≥ dbf(t) falls below
 * (Θ/Π)(t − 2(Π − Θ)) − ahead ≤ sbf(t); rounded up, infinite where rounding hides it. Null: never, as the tasks need Θ/Π
 * or more in the long run. (At equality too: at their hyperperiod H they need at least UH, and sbf(H) ≤ (Θ/Π)(H − (Π − Θ)).)
 */
export function testBound(tasks: TaskSet, { budgetNs, gapNs, aheadNs }: Supply): number | null {
  const { utilisation, leadNs } = tasks;
  const rate = budgetNs / (budgetNs + gapNs);
  if (rate * (1 + ROUNDING) < utilisation * (1 - ROUNDING)) return null;
  const slack = rate * (1 - ROUNDING) - utilisation * (1 + ROUNDING);
  if (slack <= 0) {
    const exact = rational(BigInt(budgetNs), BigInt(budgetNs + gapNs));
    return compare(exact, exactUtilisation(tasks)) <= 0 ? null : Number.POSITIVE_INFINITY;
  }
  const behindNs = (leadNs + rate * 2 * gapNs + aheadNs) * (1 + 2 * ROUNDING);
  return Math.ceil((behindNs / slack) * (1 + ROUNDING)) + 1;
}
