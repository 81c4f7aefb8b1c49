import { eachAmounts } from '../amount-uses.js';
import { catalogue } from '../catalogue.js';
import { cpuOf, elasticEndOf } from '../quantities.js';
import type { CheckInput } from './check.js';
import { compareCpu } from './elastic-ceilings.js';

/** An elastic ceiling has room to move in. */
export function checkStiffCeilings({ policy, reporter }: CheckInput): void {
  eachAmounts(policy, ({ amounts }) => {
    for (const amount of amounts) {
      if (amount.kind !== 'elastic') continue;
      const from = elasticEndOf(amount.from);
      const isFixed = compareCpu(from, cpuOf(amount.to)) === 0;
      const above = compareCpu(cpuOf(amount.base), from);
      if (!isFixed && (above === null || above > 0)) continue;
      const reason = isFixed
        ? 'its bounds are equal'
        : `${reporter.textOf(amount.base.span)} less anything is no more than that`;
      const parameters = { ceiling: reporter.textOf(amount.from.span), reason };
      reporter.add(catalogue.stiffCeiling.at(reporter.place(amount.span), parameters));
    }
  });
}
