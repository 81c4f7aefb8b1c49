import { compare, rational } from '../../support/rational.js';
import { catalogue } from '../catalogue.js';
import { eachGuestBody, propertiesOf } from '../guest-bodies.js';
import { timeOf } from '../quantities.js';
import type { TaskProperty } from '../tree.js';
import type { CheckInput } from './check.js';
import { checkRange, type QuantityRange } from './range-check.js';

const US = 1000n;
const HOUR = 3_600_000_000_000n;

const COST: QuantityRange = {
  what: 'The time that a task takes',
  from: rational(US),
  to: rational(HOUR),
  isWhole: true,
  text: 'from 1us to 1h, in whole nanoseconds',
};
const PERIOD: QuantityRange = {
  what: 'The period of a task',
  from: rational(100n * US),
  to: rational(HOUR),
  isWhole: true,
  text: 'from 100us to 1h, in whole nanoseconds',
};
const DEADLINE: QuantityRange = {
  ...PERIOD,
  what: 'The deadline of a task',
  from: rational(US),
  text: COST.text,
};

/**
 * The times of a task can be met at all, and its deadline is no later than its next release: the analysis is that of
 * sporadic tasks with constrained deadlines (C ≤ D ≤ T).
 */
export function checkTaskTimes(input: CheckInput): void {
  eachGuestBody(input.policy, (body) => {
    for (const property of propertiesOf(body)) if (property.kind === 'task') checkTask(property, input);
  });
}

function checkTask({ cost, period, deadline }: TaskProperty, { reporter }: CheckInput): void {
  const costNs = timeOf(cost);
  const periodNs = timeOf(period);
  const deadlineNs = deadline === null ? periodNs : timeOf(deadline);
  const areInRange = [
    checkRange(period, periodNs, PERIOD, reporter),
    checkRange(cost, costNs, COST, reporter),
    deadline === null || checkRange(deadline, deadlineNs, DEADLINE, reporter),
  ];
  if (areInRange.includes(false) || costNs === null || periodNs === null || deadlineNs === null) return;
  const last = deadline ?? period;
  const parameters = {
    cost: reporter.textOf(cost.span),
    deadline: reporter.textOf(last.span),
    period: reporter.textOf(period.span),
  };
  if (compare(costNs, deadlineNs) > 0) {
    const related = [reporter.related(cost.span, 'what it takes')];
    const problem = { ...parameters, problem: 'too short' } as const;
    reporter.add(catalogue.taskDeadline.at(reporter.place(last.span), problem, { related }));
  } else if (compare(deadlineNs, periodNs) > 0) {
    const related = [reporter.related(period.span, 'its period')];
    const problem = { ...parameters, problem: 'too long' } as const;
    const fix = reporter.replacement(last.span, parameters.period);
    reporter.add(catalogue.taskDeadline.at(reporter.place(last.span), problem, { related, fix }));
  }
}
