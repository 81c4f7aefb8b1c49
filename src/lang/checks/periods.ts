import { compare, rational } from '../../support/rational.js';
import { catalogue } from '../catalogue.js';
import { eachGuestBody, propertiesOf } from '../guest-bodies.js';
import { timeOf } from '../quantities.js';
import { eachReservation, type ReservationUse } from '../reservation-uses.js';
import { eachConstraint, eachTestLine } from '../traversal.js';
import type { Quantity } from '../tree.js';
import type { CheckInput } from './check.js';
import { checkRange, type QuantityRange } from './range-check.js';

const MS = 1_000_000n;
const SECOND = 1000n * MS;
const HOUR = 3600n * SECOND;

const times = (what: string, from: bigint, to: bigint, text: string): QuantityRange => ({
  what,
  from: rational(from),
  to: rational(to),
  isWhole: true,
  text: `${text}, in whole nanoseconds`,
});

/** The kernel's own bounds of SCHED_DEADLINE: sysctl sched_deadline_period_min_us and _max_us. */
const RESERVATION_PERIOD = times('The period of a reservation', 100_000n, 4n * SECOND, 'from 100us to 4s');
/** Longer than any period: the reservation that serves it has one within the kernel's bounds. */
const WINDOW = times('The window of a reservation', 100_000n, HOUR, 'from 100us to 1h');
const DUTY_PERIOD = times('The period of a duty cycle', 10n * MS, HOUR, 'from 10ms to 1h');
const MIN_BUDGET = 1024n;
const GUARDED_PERIOD = { limit: rational(SECOND), text: '1s' };

/** Budgets and periods are within what the kernel takes, and a budget fits into its period. */
export function checkPeriods(input: CheckInput): void {
  const { policy } = input;
  eachGuestBody(policy, (body) => {
    for (const property of propertiesOf(body)) {
      if (property.kind === 'overhead') {
        checkPair(property.budget, property.period, RESERVATION_PERIOD, input);
      }
    }
  });
  eachReservation(policy, (use) => checkReservation(use, input));
  eachConstraint(policy, (constraint) => {
    if (constraint.kind === 'run') checkPair(constraint.budget, constraint.period, DUTY_PERIOD, input);
  });
  eachTestLine(policy, (line) => {
    if (line.kind !== 'expect' || line.outcome.kind !== 'runs') return;
    checkPair(line.outcome.budget, line.outcome.period, DUTY_PERIOD, input);
  });
}

function checkReservation({ form, isGuarded }: ReservationUse, input: CheckInput): void {
  if (form.kind === 'in-any') checkPair(form.budget, form.window, WINDOW, input);
  if (form.kind !== 'every') return;
  const isValid = checkPair(form.budget, form.period, RESERVATION_PERIOD, input);
  if (isValid && isGuarded) checkGuarded(form.period, input);
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
    const what = range === WINDOW ? 'window' : 'period';
    const parameters = {
      budget: reporter.textOf(budget.span),
      period: reporter.textOf(period.span),
      what,
    } as const;
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
