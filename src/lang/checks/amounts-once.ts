import { eachAmounts } from '../amount-uses.js';
import { catalogue } from '../catalogue.js';
import { dimensionOf } from '../quantities.js';
import type { Amount } from '../tree.js';
import type { CheckInput } from './check.js';

/** A sentence names one amount of each kind. */
export function checkAmountsOnce({ policy, reporter }: CheckInput): void {
  eachAmounts(policy, ({ amounts }) => {
    const seen = new Map<string, Amount>();
    for (const amount of amounts) {
      const what = kindOf(amount);
      if (what === null) continue;
      const first = seen.get(what);
      if (first === undefined) {
        seen.set(what, amount);
        continue;
      }
      const related = [reporter.related(first.span, 'the other one')];
      reporter.add(catalogue.repeatedAmount.at(reporter.place(amount.span), { what }, { related }));
    }
  });
}

/** In the words of the message; null for a quantity of another dimension, which has its error. */
function kindOf(amount: Amount): string | null {
  if (amount.kind === 'elastic') return 'CPU';
  const dimension = dimensionOf(amount.quantity);
  switch (amount.kind) {
    case 'cpu':
      return dimension === 'cpu' ? 'CPU' : null;
    case 'memory':
      return dimension === 'size' || dimension === 'memory-fraction' ? 'memory' : null;
    case 'disk':
      if (dimension === 'iops') return 'I/O operations';
      return dimension === 'rate' ? 'disk bandwidth' : null;
    case 'network':
      return dimension === 'rate' ? 'network bandwidth' : null;
  }
}
