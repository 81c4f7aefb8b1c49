import { describeDimension } from '../wanted-quantity.js';
import { catalogue } from '../catalogue.js';
import { dimensionOf } from '../quantities.js';
import { signalName } from '../scope.js';
import { COMPARABLE, DESCRIBED, type SignalType } from '../signals.js';
import { eachConditionPart } from '../traversal.js';
import type { Comparison, Quantity } from '../tree.js';
import type { CheckInput } from './check.js';

/** A quantity is compared with a quantity of its own kind; a yes-or-no signal stands alone. */
export function checkSignalTypes(input: CheckInput): void {
  const { policy, scope, reporter } = input;
  eachConditionPart(policy, (part) => {
    if (part.kind === 'comparison') {
      const type = scope.signalType(part.subject.signal);
      if (type !== null) checkComparison(part, type, input);
    } else if (part.kind === 'reference') {
      const type = scope.signalType(part.signal);
      if (type === null || type === 'boolean') return;
      const parameters = { signal: signalName(part.signal), example: DESCRIBED[type][1] };
      reporter.add(catalogue.quantityAsCondition.at(reporter.place(part.span), parameters));
    }
  });
}

function checkComparison(comparison: Comparison, type: SignalType, { reporter }: CheckInput): void {
  const signal = signalName(comparison.subject.signal);
  if (type === 'boolean') {
    reporter.add(catalogue.booleanCompared.at(reporter.place(comparison.subject.signal.span), { signal }));
    return;
  }
  const thresholds = comparison.until === null ? [comparison.start] : [comparison.start, comparison.until];
  for (const { quantity } of thresholds) {
    if (!isForComparison(quantity) || COMPARABLE[type].includes(dimensionOf(quantity))) continue;
    const [measures, example] = DESCRIBED[type];
    const is = describeDimension(dimensionOf(quantity));
    const parameters = { signal, measures, found: reporter.textOf(quantity.span), is, example };
    reporter.add(catalogue.signalDimension.at(reporter.place(quantity.span), parameters));
  }
}

/** Work and I/O operations have their error from the parser: no signal is measured in them. */
const isForComparison = (quantity: Quantity): boolean => !['work', 'iops'].includes(dimensionOf(quantity));
