import type { Plan } from '../../compiler/plan.js';
import { budgetCounts } from '../../enforce/budgets/budget-counts.js';
import { budgetPeriod } from '../../enforce/budgets/budget-period.js';
import type { ConditionStates } from '../../enforce/conditions/condition-states.js';
import type { PlanIndex } from '../../enforce/plan-index.js';
import type { SimulatedClass } from '../model/population.js';

type Budget = Plan['budgets'][number];

/** A budget over the periods of a replay. */
export interface BudgetUse {
  readonly id: string;
  readonly allowedNs: number;
  readonly per: Budget['per'];
  /** Calendar periods that the replay touches. */
  readonly periods: number;
  /** Instants at which it was used up, ms since 1970. */
  readonly spentAtMs: readonly number[];
  /** For so long it was used up, ms. */
  readonly spentMs: number;
  /** CPU time used in the period with the most. With `each`: of one guest. */
  readonly mostNs: number;
}

/** Who uses what, and what the conditions are meanwhile. */
export interface Use {
  readonly delivered: readonly number[];
  readonly guests: readonly number[];
  readonly conditions: ConditionStates['conditions'];
}

interface Entry {
  readonly budget: Budget;
  /** Positions of the classes whose use counts. */
  readonly classes: readonly number[];
  readonly spentAtMs: number[];
  usedNs: number;
  mostNs: number;
  spentMs: number;
  periods: number;
  nextPeriodMs: number;
  spent: boolean;
}

/** Counts use against the budgets of a plan, period by period of the host's calendar; weeks begin on Mondays. */
export class BudgetBook {
  readonly #entries: readonly Entry[];
  readonly #zone: string;

  constructor(index: PlanIndex, classes: readonly SimulatedClass[]) {
    this.#zone = index.plan.host.timezone;
    this.#entries = index.plan.budgets.map((budget) => ({
      budget,
      classes: classes.flatMap((one, at) => (index.appliesTo(budget, one.plan) ? [at] : [])),
      spentAtMs: [],
      usedNs: 0,
      mostNs: 0,
      spentMs: 0,
      periods: 0,
      nextPeriodMs: Number.NEGATIVE_INFINITY,
      spent: false,
    }));
  }

  readonly isSpent = (id: string): boolean =>
    this.#entries.some(({ budget, spent }) => budget.id === id && spent);

  /** Begins the periods that have come; true: one that was used up is not any more. */
  advance(nowMs: number): boolean {
    let renewed = false;
    for (const entry of this.#entries) {
      if (nowMs < entry.nextPeriodMs) continue;
      entry.nextPeriodMs = budgetPeriod(this.#zone, nowMs, entry.budget.per).endMs;
      renewed ||= entry.spent;
      entry.periods += 1;
      entry.usedNs = 0;
      entry.spent = false;
    }
    return renewed;
  }

  /** When, at this rate, something changes: a budget is used up, or a period ends; infinite without budgets. */
  nextChangeMs(use: Use, nowMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries) {
      next = Math.min(next, entry.nextPeriodMs);
      if (entry.spent) continue;
      const cores = usedCores(entry, use);
      const leftMs = (entry.budget.workNs - entry.usedNs) / (cores * 1e6);
      // To the millisecond: nobody looks more often.
      if (cores > 0) next = Math.min(next, nowMs + Math.max(1, Math.ceil(leftMs)));
    }
    return next;
  }

  /** Counts a while; true: a budget was used up in it. */
  count(use: Use, fromMs: number, toMs: number): boolean {
    let changed = false;
    for (const entry of this.#entries) {
      if (entry.spent) entry.spentMs += toMs - fromMs;
      entry.usedNs += usedCores(entry, use) * (toMs - fromMs) * 1e6;
      entry.mostNs = Math.max(entry.mostNs, entry.usedNs);
      // A nanosecond is a float's rounding.
      if (entry.spent || entry.usedNs < entry.budget.workNs - 1) continue;
      entry.spent = true;
      entry.spentAtMs.push(toMs);
      changed = true;
    }
    return changed;
  }

  uses(): readonly BudgetUse[] {
    return this.#entries.map(({ budget, periods, spentAtMs, spentMs, mostNs }) => ({
      id: budget.id,
      allowedNs: budget.workNs,
      per: budget.per,
      periods,
      spentAtMs,
      spentMs,
      mostNs,
    }));
  }
}

/** With `each`, of the guest that uses most: guests of a class are alike. 0 while the budget does not count. */
function usedCores({ budget, classes }: Entry, { delivered, guests, conditions }: Use): number {
  if (!budgetCounts(budget, conditions)) return 0;
  if (budget.scope === 'sum') return classes.reduce((sum, at) => sum + (delivered[at] ?? 0), 0);
  return classes.reduce((most, at) => Math.max(most, (delivered[at] ?? 0) / Math.max(1, guests[at] ?? 0)), 0);
}
