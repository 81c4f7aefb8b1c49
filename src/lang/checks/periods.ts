import { compare, rational } from '../../support/rational.js';
import { catalogue } from '../catalogue.js';
import { timeOf } from '../quantities.js';
import { eachConstraint } from '../traversal.js';
import type { Quantity } from '../tree.js';
import type { CheckInput } from './check.js';
import { checkRange, type QuantityRange } from './range-check.js';

const MS = 1_000_000n;
const SECOND = 1000n * MS;

const times = (what: string, from: bigint, to: bigint, text: string): QuantityRange => ({
  what,
  from: rational(from),
  to: rational(to),
  isWhole: true,
  text: `${text}, in whole nanoseconds`,
});

/** The kernel's own bounds of SCHED_DEADLINE: sysctl sched_deadline_period_min_us and _max_us. */
const RESERVATION_PERIOD = times('The period of a reservation', 100_000n, 4n * SECOND, 'from 100us to 4s');
const DUTY_PERIOD = times('The period of a duty cycle', 10n * MS, 3600n * SECOND, 'from 10ms to 1h');
const MIN_BUDGET = 1024n;
const GUARDED_PERIOD = { limit: rational(SECOND), text: '1s' };

/** Budgets and periods are within what the kernel takes, and a budget fits into its period. */
export function checkPeriods(input: CheckInput): void {
  for (const statement of input.policy.statements) {
    if (statement.kind !== 'class') continue;
    for (const property of statement.properties) {
      if (property.kind === 'overhead') {
        checkPair(property.budget, property.period, RESERVATION_PERIOD, input);
      }
    }
  }
  eachConstraint(input.policy, (constraint, guarded) => {
    if (constraint.kind !== 'reserve' && constraint.kind !== 'run') return;
    const isReservation = constraint.kind === 'reserve';
    const range = isReservation ? RESERVATION_PERIOD : DUTY_PERIOD;
    const isValid = checkPair(constraint.budget, constraint.period, range, input);
    if (isValid && isReservation && guarded) checkGuarded(constraint.period, input);
  });
}

function checkPair(
  budget: Quantity,
  period: Quantity,
  range: QuantityRange,
  { reporter }: CheckInput,
): boolean {
  const periodNs = timeOf(period);
  const budgetNs = timeOf(budget);
  if (!checkRange(period, periodNs, range, reporter) || periodNs === null || budgetNs === null) return false;
  if (compare(budgetNs, periodNs) > 0) {
    const place = reporter.place({ start: budget.span.start, end: period.span.end });
    const parameters = { budget: reporter.textOf(budget.span), period: reporter.textOf(period.span) };
    reporter.add(catalogue.budgetOverPeriod.at(place, parameters));
    return false;
  }
  const budgets = times('A budget', MIN_BUDGET, range.to.num, 'at least 1.024us');
  return checkRange(budget, budgetNs, budgets, reporter);
}

/** A change of mode waits for the longest period, so those that come and go are kept short. */
function checkGuarded(period: Quantity, { reporter }: CheckInput): void {
  const periodNs = timeOf(period);
  if (periodNs === null || compare(periodNs, GUARDED_PERIOD.limit) <= 0) return;
  const parameters = { period: reporter.textOf(period.span), limit: GUARDED_PERIOD.text };
  reporter.add(catalogue.guardedPeriod.at(reporter.place(period.span), parameters));
}
