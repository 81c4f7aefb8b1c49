import { compare } from '../../support/rational.js';
import { catalogue } from '../catalogue.js';
import { dimensionOf, exactValue } from '../quantities.js';
import { eachConditionPart } from '../traversal.js';
import type { Comparison } from '../tree.js';
import type { CheckInput } from './check.js';

/** What ends a condition does not hold where it starts: otherwise it would flutter. */
export function checkApartThresholds({ policy, reporter }: CheckInput): void {
  eachConditionPart(policy, (part) => {
    if (part.kind !== 'comparison' || part.until === null || !overlap(part)) return;
    const { quantity } = part.until;
    const parameters = {
      start: `${part.start.operator} ${reporter.textOf(part.start.quantity.span)}`,
      until: `${part.until.operator} ${reporter.textOf(quantity.span)}`,
    };
    reporter.add(catalogue.overlappingThresholds.at(reporter.place(quantity.span), parameters));
  });
}

function overlap({ start, until }: Comparison): boolean {
  if (until === null || start.quantity.unit !== until.quantity.unit) return false;
  if (dimensionOf(start.quantity) !== dimensionOf(until.quantity)) return false;
  const isUpwards = start.operator.startsWith('>');
  if (until.operator.startsWith('>') === isUpwards) return true;
  const difference = compare(exactValue(start.quantity), exactValue(until.quantity));
  const bothInclude = start.operator.length === 2 && until.operator.length === 2;
  if (difference === 0) return bothInclude;
  return isUpwards ? difference < 0 : difference > 0;
}
