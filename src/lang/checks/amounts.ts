import { ONE, rational, ZERO } from '../../support/rational.js';
import type { CpuAmount } from '../model.js';
import { cpuOf, numberOf } from '../quantities.js';
import { eachConstraint } from '../traversal.js';
import type { Quantity } from '../tree.js';
import type { CheckInput } from './check.js';
import { checkRange, type QuantityRange } from './range-check.js';

const AMOUNT = 'An amount of CPU';
const CORES: QuantityRange = {
  what: AMOUNT,
  from: ZERO,
  to: rational(8192n),
  isOpenBelow: true,
  text: 'more than 0 and at most 8192 cores',
};
const FRACTION: QuantityRange = {
  what: AMOUNT,
  from: ZERO,
  to: ONE,
  isOpenBelow: true,
  text: 'more than 0% and at most 100% of cpu',
};
const PROPORTION: QuantityRange = {
  what: 'A proportion',
  from: ZERO,
  to: rational(1_000_000n),
  isOpenBelow: true,
  text: 'more than 0 and at most 1000000',
};

/** Amounts of CPU and proportions are more than nothing, and no more than a host can have. */
export function checkAmounts({ policy, reporter }: CheckInput): void {
  eachConstraint(policy, (constraint) => {
    if ('amount' in constraint) checkAmount(constraint.amount);
    if (constraint.kind !== 'share') return;
    for (const { proportion } of constraint.parts) {
      checkRange(proportion, numberOf(proportion), PROPORTION, reporter);
    }
  });

  function checkAmount(quantity: Quantity): void {
    const amount = cpuOf(quantity);
    if (amount === null) return;
    const range = amount.kind === 'cores' ? CORES : FRACTION;
    checkRange(quantity, valueOfAmount(amount), range, reporter);
  }
}

const valueOfAmount = (amount: CpuAmount) => (amount.kind === 'cores' ? amount.cores : amount.fraction);
