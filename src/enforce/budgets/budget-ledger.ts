import type { Plan } from '../../compiler/plan.js';
import type { Guest } from '../../qemu/guest.js';
import type { Interval } from '../account/usage.js';
import type { ClassifiedGuest } from '../classify.js';
import type { ConditionStates } from '../conditions/condition-states.js';
import type { PlanIndex } from '../plan-index.js';
import { budgetCounts } from './budget-counts.js';
import { type BudgetPeriod, budgetPeriod } from './budget-period.js';
import type { BudgetUse } from './budget-use.js';

type Budget = Plan['budgets'][number];

/** Uses of ended periods are remembered for so long: the wall clock may be set back. */
const REMEMBERED_MS = 62 * 86_400_000;

/** Whose a guest's budget is: the same after QEMU was started again, if it has a name. */
export const holderOf = ({ name, user, key }: Pick<Guest, 'name' | 'user' | 'key'>): string =>
  name === null ? key : `${user}/${name}`;

/** Those who have this budget: the sum of the subject, or each of its guests that are there. */
export function holdersOf(
  index: PlanIndex,
  budget: Budget,
  classified: readonly ClassifiedGuest[],
): readonly (string | null)[] {
  if (budget.scope === 'sum') return [null];
  const guests = classified.filter((one) => index.appliesTo(budget, one.class));
  return [...new Set(guests.map(({ guest }) => holderOf(guest)))];
}

interface Entry extends BudgetUse {
  readonly endMs: number;
}

/** What is left of a budget in the present period. */
export interface BudgetReading {
  readonly usedNs: number;
  readonly spent: boolean;
  /** When the next period begins, ms since 1970. */
  readonly untilMs: number;
}

/**
 * Counts the CPU time of guests against the budgets of a plan, by calendar periods of its zone. It starts from what was
 * counted before, touches nothing, and knows the time only as it is told.
 */
export class BudgetLedger {
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Set<string>();
  /** By zone and kind, the last one asked for: it is asked for every second. */
  readonly #periods = new Map<string, BudgetPeriod & { readonly fromMs: number }>();

  constructor(before: readonly BudgetUse[] = []) {
    // When their periods end is found out when they are counted on; until then they are kept.
    for (const one of before) this.#entries.set(keyOf(one), { ...one, endMs: Number.POSITIVE_INFINITY });
  }

  /** Counts what was used in an interval that ends at `nowMs`, under these conditions. */
  count(
    index: PlanIndex,
    classified: readonly ClassifiedGuest[],
    { usage }: Pick<Interval, 'usage'>,
    conditions: ConditionStates['conditions'],
    nowMs: number,
  ): void {
    for (const budget of index.plan.budgets) {
      if (!budgetCounts(budget, conditions)) continue;
      for (const one of classified) {
        const cpuNs = usage.get(one.guest.key)?.cpuNs ?? 0;
        if (cpuNs <= 0 || !index.appliesTo(budget, one.class)) continue;
        this.#add(index.plan, budget, budget.scope === 'sum' ? null : holderOf(one.guest), cpuNs, nowMs);
      }
    }
    this.#forget(nowMs);
  }

  /** Of the sum, or of one guest. */
  reading(plan: Plan, budget: Budget, holder: string | null, nowMs: number): BudgetReading {
    const { firstDay, endMs } = this.#period(plan.host.timezone, budget, nowMs);
    const usedNs = this.#entries.get(keyOf({ budget: budget.id, firstDay, holder }))?.usedNs ?? 0;
    return { usedNs, spent: usedNs >= budget.workNs, untilMs: endMs };
  }

  /** The uses that have changed since this was last asked, each with all that was used in its period. */
  takeChanges(): readonly BudgetUse[] {
    const changed = [...this.#changed].flatMap((key) => this.#entries.get(key) ?? []);
    this.#changed.clear();
    return changed.map(({ endMs, ...use }) => use);
  }

  #add({ host }: Plan, budget: Budget, holder: string | null, cpuNs: number, nowMs: number): void {
    // What was used until the very end of a period is of that period.
    const { firstDay, endMs } = this.#period(host.timezone, budget, nowMs - 1);
    const use = { budget: budget.id, firstDay, holder };
    const key = keyOf(use);
    const usedNs = (this.#entries.get(key)?.usedNs ?? 0) + cpuNs;
    this.#entries.set(key, { ...use, usedNs, endMs });
    this.#changed.add(key);
  }

  #period(zone: string, { per }: Budget, nowMs: number): BudgetPeriod {
    const key = `${zone} ${per}`;
    const known = this.#periods.get(key);
    if (known && nowMs >= known.fromMs && nowMs < known.endMs) return known;
    const found = { ...budgetPeriod(zone, nowMs, per), fromMs: nowMs };
    this.#periods.set(key, found);
    return found;
  }

  #forget(nowMs: number): void {
    for (const [key, { endMs }] of this.#entries) {
      if (endMs < nowMs - REMEMBERED_MS && !this.#changed.has(key)) this.#entries.delete(key);
    }
  }
}

const keyOf = ({ budget, firstDay, holder }: Omit<BudgetUse, 'usedNs'>): string =>
  JSON.stringify([budget, firstDay, holder]);
