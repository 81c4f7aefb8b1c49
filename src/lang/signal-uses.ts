import { eachAmounts } from './amount-uses.js';
import { eachConditionPart, eachTestLine } from './traversal.js';
import type { ComparisonSubject, GivenFact, Policy, Quantity, SignalReference } from './tree.js';

/** A signal, the name of a condition or that of a switch, where a policy uses it. */
export interface SignalUse {
  readonly signal: SignalReference;
  /** True or false, a quantity, or either: `unknown` may be said of all. */
  readonly as: 'truth' | 'quantity' | 'either';
  /** What it is compared with, or given as. */
  readonly quantities: readonly Quantity[];
  /** Named by a test's `given`. */
  readonly isGiven: boolean;
}

/** Visits the signals of all conditions, of elastic ceilings and of tests. */
export function eachSignalUse(policy: Policy, visit: (use: SignalUse) => void): void {
  eachConditionPart(policy, (part) => {
    if (part.kind === 'reference') visit(use(part.signal, 'truth'));
    if (part.kind !== 'comparison') return;
    const thresholds = part.until === null ? [part.start] : [part.start, part.until];
    const quantities = thresholds.map(({ quantity }) => quantity);
    visit({ ...use(part.subject.signal, 'quantity'), quantities });
  });
  eachAmounts(policy, ({ amounts }) => {
    for (const amount of amounts) {
      if (amount.kind === 'elastic') visit(use(amount.minus.signal, 'quantity'));
    }
  });
  eachTestLine(policy, (line) => {
    const given = line.kind === 'given' ? usedBy(line.fact) : null;
    if (given !== null) visit({ ...given, isGiven: true });
  });
}

const use = (signal: SignalReference, as: SignalUse['as']): SignalUse => ({
  signal,
  as,
  quantities: [],
  isGiven: false,
});

function usedBy(fact: GivenFact): SignalUse | null {
  switch (fact.kind) {
    case 'truth':
      return fact.operand.kind === 'reference' ? use(fact.operand.signal, 'truth') : null;
    case 'value':
      return { ...use(fact.subject.signal, 'quantity'), quantities: [fact.quantity] };
    case 'unknown':
      return use(fact.subject.signal, asUnknown(fact.subject));
    default:
      return null;
  }
}

/** A forecast is of a quantity. */
const asUnknown = ({ kind }: ComparisonSubject): SignalUse['as'] =>
  kind === 'forecast' ? 'quantity' : 'either';
