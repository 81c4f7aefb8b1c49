import { rational, ZERO } from '../../support/rational.js';
import { percentOf, timeOf } from '../quantities.js';
import { eachConditionPart } from '../traversal.js';
import type { Comparison } from '../tree.js';
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
const IDLE: QuantityRange = {
  what: 'A time',
  from: ZERO,
  to: rational(366n * DAY),
  isWhole: true,
  text: 'at most 366d, in whole nanoseconds',
};

/** Times in conditions can be waited for, and the level of a forecast is a probability. */
export function checkDurations({ policy, reporter }: CheckInput): void {
  eachConditionPart(policy, (part) => {
    if (part.kind === 'comparison') checkComparison(part);
  });

  function checkComparison({ subject, start, until }: Comparison): void {
    for (const threshold of until === null ? [start] : [start, until]) {
      checkRange(threshold.quantity, timeOf(threshold.quantity), IDLE, reporter);
      if (threshold.for !== null) checkRange(threshold.for, timeOf(threshold.for), HOLD, reporter);
    }
    if (subject.kind !== 'forecast') return;
    checkRange(subject.over, timeOf(subject.over), HORIZON, reporter);
    checkRange(subject.level, percentOf(subject.level), LEVEL, reporter);
  }
}
