import { ONE, type Rational, rational, ZERO } from '../../support/rational.js';
import { eachAmounts } from '../amount-uses.js';
import type { CpuAmount } from '../model.js';
import {
  cpuOf,
  elasticEndOf,
  iopsOf,
  memoryFractionOf,
  numberOf,
  rateOf,
  sizeOf,
  workOf,
} from '../quantities.js';
import { eachConstraint } from '../traversal.js';
import type { Amount, Quantity } from '../tree.js';
import type { CheckInput } from './check.js';
import { checkRange, type QuantityRange } from './range-check.js';

/** More than nothing, or with nothing itself, and up to a largest one. */
interface Limits {
  readonly someOf: QuantityRange;
  readonly noneOrSomeOf: QuantityRange;
}

function upTo(what: string, to: Rational, most: string, { nothing = '0', isWhole = false } = {}): Limits {
  const range = { what, from: ZERO, to, isWhole };
  return {
    someOf: { ...range, isOpenBelow: true, text: `more than ${nothing} and at most ${most}` },
    noneOrSomeOf: { ...range, text: `from ${nothing} to ${most}` },
  };
}

const CORES = upTo('An amount of CPU', rational(8192n), '8192 cores');
const FRACTION = upTo('An amount of CPU', ONE, '100% of cpu', { nothing: '0%' });
const MEMORY = upTo('An amount of memory', rational(2n ** 50n), '1024 TiB');
const MEMORY_FRACTION = upTo('An amount of memory', ONE, '100% of memory', { nothing: '0%' });
const RATE = upTo('A rate', rational(10n ** 12n), '1000 GB/s');
const IOPS = upTo('A number of I/O operations', rational(10n ** 9n), '1000000000 iops', { isWhole: true });
const PROPORTION = upTo('A proportion', rational(1_000_000n), '1000000');
/** Of the largest host, all of a month. */
const MAX_WORK_NS = rational(8192n * 31n * 86_400n * 10n ** 9n);
const WORK = upTo('A budget of work', MAX_WORK_NS, '6094848 core-hours, in whole nanoseconds of a core', {
  isWhole: true,
});

/** Amounts, proportions and budgets of work are more than nothing, and no more than a host can have. */
export function checkAmounts({ policy, reporter }: CheckInput): void {
  eachAmounts(policy, ({ amounts, isClaim }) => {
    for (const amount of amounts) checkAmount(amount, isClaim);
  });
  eachConstraint(policy, (constraint) => {
    if (constraint.kind === 'budget') check(constraint.work, workOf(constraint.work), WORK);
    if (constraint.kind !== 'share') return;
    for (const { proportion } of constraint.parts) check(proportion, numberOf(proportion), PROPORTION);
  });

  function checkAmount(amount: Amount, mayBeNothing: boolean): void {
    if (amount.kind === 'elastic') {
      for (const end of [amount.base, amount.to]) checkCpu(end, cpuOf(end), false);
      checkCpu(amount.from, elasticEndOf(amount.from), false);
      return;
    }
    const { quantity } = amount;
    checkCpu(quantity, cpuOf(quantity), mayBeNothing);
    check(quantity, sizeOf(quantity), MEMORY, mayBeNothing);
    check(quantity, memoryFractionOf(quantity), MEMORY_FRACTION, mayBeNothing);
    check(quantity, rateOf(quantity), RATE, mayBeNothing);
    check(quantity, iopsOf(quantity), IOPS, mayBeNothing);
  }

  function checkCpu(quantity: Quantity, amount: CpuAmount | null, mayBeNothing: boolean): void {
    if (amount === null) return;
    if (amount.kind === 'cores') check(quantity, amount.cores, CORES, mayBeNothing);
    else check(quantity, amount.fraction, FRACTION, mayBeNothing);
  }

  function check(quantity: Quantity, value: Rational | null, limits: Limits, mayBeNothing = false): void {
    checkRange(quantity, value, mayBeNothing ? limits.noneOrSomeOf : limits.someOf, reporter);
  }
}
