import { invariant } from '../support/invariant.js';
import { multiply, rational } from '../support/rational.js';
import { calendarOf, calendarOfAtom } from './calendar-model.js';
import type { Condition as ModelCondition, Threshold as ModelThreshold, SignalSubject } from './model.js';
import { comparedWith, percentOf, timeOf, wholeOf } from './quantities.js';
import { type Scope, signalName } from './scope.js';
import type { ComparisonSubject, Condition, SignalReference, Threshold } from './tree.js';

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
      case 'comparison': {
        const type = this.#scope.signalType(condition.subject.signal);
        invariant(type !== null && type !== 'boolean', 'the signal was checked to have a quantity');
        const threshold = (written: Threshold): ModelThreshold => ({
          operator: written.operator,
          quantity: comparedWith(type, written.quantity),
          forNs: written.for === null ? 0n : wholeOf(timeOf(written.for)),
        });
        const until = condition.until === null ? null : threshold(condition.until);
        return {
          kind: 'comparison',
          subject: subjectOf(condition.subject),
          start: threshold(condition.start),
          until,
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

function subjectOf(subject: ComparisonSubject): SignalSubject {
  const signal = signalName(subject.signal);
  if (subject.kind === 'signal') return { kind: 'signal', signal };
  const percent = percentOf(subject.level);
  invariant(percent !== null, 'the level of a forecast was checked to be a percentage');
  return {
    kind: 'forecast',
    signal,
    overNs: wholeOf(timeOf(subject.over)),
    side: subject.side,
    level: multiply(percent, rational(1n, 100n)),
  };
}
