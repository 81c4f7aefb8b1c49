import type { Plan } from '../../compiler/plan.js';
import type { ConditionStates } from '../conditions/condition-states.js';

/** Whether use counts now: every condition of its guard is as expected, or unknown. */
export function budgetCounts(
  budget: Plan['budgets'][number],
  conditions: ConditionStates['conditions'],
): boolean {
  return budget.while.every(({ condition, expected }) => {
    const value = conditions.get(condition)?.value ?? 'unknown';
    return value === expected || value === 'unknown';
  });
}
