import { eachConstraint, eachTestLine } from './traversal.js';
import type { Amount, Constraint, Outcome, Policy } from './tree.js';

export interface AmountUse {
  /** Joined by `and`. */
  readonly amounts: readonly Amount[];
  /** What a sentence sets is more than nothing; what one claims (`at most 0 cores`) may be nothing. */
  readonly isClaim: boolean;
}

/** Visits every list of amounts in a policy. */
export function eachAmounts(policy: Policy, visit: (use: AmountUse) => void): void {
  eachConstraint(policy, (constraint) => {
    for (const use of usesIn(constraint)) visit(use);
  });
  eachTestLine(policy, (line) => {
    if (line.kind === 'expect') for (const use of usesInOutcome(line.outcome)) visit(use);
  });
}

const setting = (amounts: readonly Amount[]): readonly AmountUse[] => [{ amounts, isClaim: false }];

function usesIn(constraint: Constraint): readonly AmountUse[] {
  switch (constraint.kind) {
    case 'keep':
    case 'limit':
    case 'guarantee':
      return setting(constraint.amounts);
    case 'budget':
      return constraint.then?.kind === 'limit' ? setting(constraint.then.amounts) : [];
    case 'offer':
      return constraint.terms.flatMap((term) => ('amounts' in term ? setting(term.amounts) : []));
    case 'assert':
      return usesInOutcome(constraint.claim);
    default:
      return [];
  }
}

function usesInOutcome(outcome: Outcome): readonly AmountUse[] {
  if (outcome.kind === 'guaranteed') return setting(outcome.amounts);
  return 'amount' in outcome ? [{ amounts: [outcome.amount], isClaim: true }] : [];
}
