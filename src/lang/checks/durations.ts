import { rational, ZERO } from '../../support/rational.js';
import { eachAmounts } from '../amount-uses.js';
import { percentOf, timeOf } from '../quantities.js';
import { eachConditionPart, eachConstraint, eachTestLine } from '../traversal.js';
import type { Comparison, ComparisonSubject, GivenFact } from '../tree.js';
import type { CheckInput } from './check.js';
import { checkRange, type QuantityRange } from './range-check.js';

const SECOND = 1_000_000_000n;
const DAY = 86_400n * SECOND;

const HOLD: QuantityRange = {
  what: 'The time after `for`',
  from: ZERO,
  to: rational(366n * DAY),
  isWhole: true,
  text: 'at most 366d, in whole nanoseconds',
};
const HORIZON: QuantityRange = {
  what: 'The time that a forecast is about',
  from: rational(SECOND),
  to: rational(DAY),
  isWhole: true,
  text: 'from 1s to 1d, in whole nanoseconds',
};
const LEVEL: QuantityRange = {
  what: 'The level of a forecast',
  from: ZERO,
  to: rational(100n),
  isOpenBelow: true,
  isOpenAbove: true,
  text: 'more than 0% and less than 100%',
};
const COMPARED: QuantityRange = { ...HOLD, what: 'A time' };
/** A guest that is asked to power down needs a moment for it. */
const STOP: QuantityRange = {
  what: 'The time for powering down',
  from: rational(SECOND),
  to: rational(DAY),
  isWhole: true,
  text: 'from 1s to 1d, in whole nanoseconds',
};

/** Times can be waited for, and the level of a forecast is a probability. */
export function checkDurations({ policy, reporter }: CheckInput): void {
  eachConditionPart(policy, (part) => {
    if (part.kind === 'comparison') checkComparison(part);
  });
  eachAmounts(policy, ({ amounts }) => {
    for (const amount of amounts) if (amount.kind === 'elastic') checkSubject(amount.minus);
  });
  eachConstraint(policy, (constraint) => {
    if (constraint.kind !== 'stop') return;
    checkRange(constraint.within, timeOf(constraint.within), STOP, reporter);
  });
  eachTestLine(policy, (line) => {
    if (line.kind === 'given') checkFact(line.fact);
  });

  function checkComparison({ subject, start, until }: Comparison): void {
    for (const { quantity, for: hold } of until === null ? [start] : [start, until]) {
      checkRange(quantity, timeOf(quantity), COMPARED, reporter);
      if (hold !== null) checkRange(hold, timeOf(hold), HOLD, reporter);
    }
    checkSubject(subject);
  }

  function checkFact(fact: GivenFact): void {
    if (fact.kind === 'value') checkRange(fact.quantity, timeOf(fact.quantity), COMPARED, reporter);
    if (fact.kind === 'value' || fact.kind === 'unknown') checkSubject(fact.subject);
  }

  function checkSubject(subject: ComparisonSubject): void {
    if (subject.kind !== 'forecast') return;
    checkRange(subject.over, timeOf(subject.over), HORIZON, reporter);
    checkRange(subject.level, percentOf(subject.level), LEVEL, reporter);
  }
}
