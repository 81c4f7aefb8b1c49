import { invariant } from '../support/invariant.js';
import { multiply, rational } from '../support/rational.js';
import { calendarOf, calendarOfAtom } from './calendar-model.js';
import type {
  Condition as ModelCondition,
  Quantity as ModelQuantity,
  Threshold as ModelThreshold,
  SignalSubject,
} from './model.js';
import { comparedWith, nanosecondsOf, percentOf } from './quantities.js';
import { type Scope, signalName } from './scope.js';
import type { ComparisonSubject, Condition, Quantity, SignalReference, Threshold } from './tree.js';

/** Conditions of a policy that has passed every check; a `let` is converted once, however often it is named. */
export class ConditionModel {
  readonly #scope: Scope;
  readonly #named = new Map<string, ModelCondition>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  of(condition: Condition): ModelCondition {
    switch (condition.kind) {
      case 'and':
      case 'or':
        return balanced(
          condition.kind,
          condition.operands.map((operand) => this.of(operand)),
        );
      case 'not':
        return { kind: 'not', operand: this.of(condition.operand) };
      case 'assuming':
        return { kind: 'assuming', operand: this.of(condition.operand), value: condition.value };
      case 'days':
      case 'dates':
        return { kind: 'calendar', calendar: calendarOfAtom(condition) };
      case 'except': {
        const calendar = calendarOf(condition, this.#scope);
        invariant(calendar !== null, 'except was checked to stand between calendars');
        return { kind: 'calendar', calendar };
      }
      case 'reference':
        return this.#reference(condition.signal);
      case 'process':
        return { kind: 'process', pattern: condition.pattern.text };
      case 'comparison': {
        const { subject, start, until } = condition;
        const threshold = (written: Threshold): ModelThreshold => ({
          operator: written.operator,
          quantity: givenQuantity(subject, written.quantity, this.#scope),
          forNs: written.for === null ? 0n : nanosecondsOf(written.for),
        });
        return {
          kind: 'comparison',
          subject: signalSubject(subject),
          start: threshold(start),
          until: until === null ? null : threshold(until),
        };
      }
      case 'damaged':
        throw invariant(false, 'a policy with errors has no model');
    }
  }

  /** The condition of a `let`. */
  named(name: string): ModelCondition {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const declared = this.#scope.find(name);
    invariant(declared?.kind === 'let', `${name} was checked to be a condition`);
    const condition = this.of(declared.condition);
    this.#named.set(name, condition);
    return condition;
  }

  #reference(signal: SignalReference): ModelCondition {
    if (signal.path.length > 0 || signal.head.kind !== 'named')
      return { kind: 'signal', signal: signalName(signal) };
    const name = signal.head.name.text;
    if (this.#scope.find(name)?.kind === 'switch') return { kind: 'switch', name };
    return { kind: 'named', name, condition: this.named(name) };
  }
}

/** Halves rather than a chain, so that a condition of ten thousand operands is not ten thousand levels deep. */
function balanced(kind: 'and' | 'or', operands: readonly ModelCondition[]): ModelCondition {
  const [first] = operands;
  invariant(first !== undefined, `${kind} has operands`);
  if (operands.length === 1) return first;
  const middle = Math.ceil(operands.length / 2);
  return {
    kind,
    left: balanced(kind, operands.slice(0, middle)),
    right: balanced(kind, operands.slice(middle)),
  };
}

/** A quantity in the terms of the signal that it is compared with, or given for. */
export function givenQuantity(
  { signal }: ComparisonSubject,
  quantity: Quantity,
  scope: Scope,
): ModelQuantity {
  const type = scope.signalType(signal);
  invariant(type !== null && type !== 'boolean', 'the signal was checked to have a quantity');
  return comparedWith(type, quantity);
}

export function signalSubject(subject: ComparisonSubject): SignalSubject {
  const signal = signalName(subject.signal);
  if (subject.kind === 'signal') return { kind: 'signal', signal };
  const percent = percentOf(subject.level);
  invariant(percent !== null, 'the level of a forecast was checked to be a percentage');
  return {
    kind: 'forecast',
    signal,
    overNs: nanosecondsOf(subject.over),
    side: subject.side,
    level: multiply(percent, rational(1n, 100n)),
  };
}
