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

type Limits = Pick<QuantityRange, 'what' | 'to' | 'isWhole'> & {
  readonly most: string;
  readonly nothing: string;
};

const CORES: Limits = { what: 'An amount of CPU', to: rational(8192n), nothing: '0', most: '8192 cores' };
const FRACTION: Limits = { what: 'An amount of CPU', to: ONE, nothing: '0%', most: '100% of cpu' };
const MEMORY: Limits = {
  what: 'An amount of memory',
  to: rational(2n ** 50n),
  nothing: '0',
  most: '1024 TiB',
};
const MEMORY_FRACTION: Limits = {
  what: 'An amount of memory',
  to: ONE,
  nothing: '0%',
  most: '100% of memory',
};
const RATE: Limits = { what: 'A rate', to: rational(10n ** 12n), nothing: '0', most: '1000 GB/s' };
const IOPS: Limits = {
  what: 'A number of I/O operations',
  to: rational(10n ** 9n),
  nothing: '0',
  most: '1000000000 iops',
  isWhole: true,
};
const PROPORTION: Limits = { what: 'A proportion', to: rational(1_000_000n), nothing: '0', most: '1000000' };
/** Of the largest host, all of a month. */
const WORK: Limits = {
  what: 'A budget of work',
  to: rational(8192n * 31n * 86_400n * 10n ** 9n),
  nothing: '0',
  most: '6094848 core-hours, in whole nanoseconds of a core',
  isWhole: true,
};

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
    checkRange(quantity, value, rangeOf(limits, mayBeNothing), reporter);
  }
}

function rangeOf({ most, nothing, ...limits }: Limits, mayBeNothing: boolean): QuantityRange {
  const text = `${mayBeNothing ? 'from' : 'more than'} ${nothing} ${mayBeNothing ? 'to' : 'and at most'} ${most}`;
  return { ...limits, from: ZERO, isOpenBelow: !mayBeNothing, text };
}
