import { invariant } from '../support/invariant.js';
import { amountsOf } from './amount-model.js';
import { minuteOf } from './calendar-model.js';
import { countOf } from './class-model.js';
import { type ConditionModel, givenQuantity, signalSubject } from './condition-model.js';
import type { Expectation, Given, Outcome as ModelOutcome, PolicyTest } from './model.js';
import { nanosecondsOf } from './quantities.js';
import type { Reporter } from './reporter.js';
import { type Scope, signalName } from './scope.js';
import { claimModel, formModel } from './sentence-model.js';
import { modelSubject } from './subject-model.js';
import { bareNameOf } from './traversal.js';
import type { Condition, GivenFact, GivenGuests, Outcome, TestDeclaration, TestLine } from './tree.js';

/** Given facts without the place of their line. */
type Fact = Given extends infer G ? (G extends Given ? Omit<G, 'place'> : never) : never;

/** The tests of a policy that has passed every check. */
export class TestModel {
  readonly #scope: Scope;
  readonly #conditions: ConditionModel;
  readonly #reporter: Reporter;

  constructor(scope: Scope, conditions: ConditionModel, reporter: Reporter) {
    this.#scope = scope;
    this.#conditions = conditions;
    this.#reporter = reporter;
  }

  of({ title, lines, span }: TestDeclaration): PolicyTest {
    const at = lines.find((line) => line.kind === 'at');
    return {
      title: title.text,
      at: at === undefined ? null : { date: at.date.text, minute: minuteOf(at.clock.text) },
      given: lines.flatMap((line) => (line.kind === 'given' ? this.#given(line) : [])),
      expectations: lines.flatMap((line) => this.#expectation(line)),
      place: this.#reporter.place({ start: span.start, end: title.span.end }),
    };
  }

  #given({ fact, span }: Extract<TestLine, { kind: 'given' }>): readonly Given[] {
    const place = this.#reporter.place(span);
    return this.#facts(fact).map((each) => ({ ...each, place }));
  }

  #facts(fact: GivenFact): readonly Fact[] {
    switch (fact.kind) {
      case 'truth':
        return [this.#truth(fact.operand, fact.value)];
      case 'value':
        return [
          {
            kind: 'value',
            subject: signalSubject(fact.subject),
            quantity: givenQuantity(fact.subject, fact.quantity, this.#scope),
          },
        ];
      case 'unknown':
        return [{ kind: 'unknown', subject: signalSubject(fact.subject) }];
      case 'spent':
        return [{ kind: 'spent', subject: modelSubject(fact.subject, this.#scope) }];
      case 'vms':
        return fact.guests.flatMap((guests) => this.#guests(guests));
    }
  }

  #truth(operand: Condition, value: boolean): Fact {
    if (operand.kind === 'process') return { kind: 'process', pattern: operand.pattern.text, value };
    invariant(operand.kind === 'reference', 'a fact is a reference or a process');
    const name = bareNameOf(operand.signal);
    return name === null
      ? { kind: 'signal', signal: signalName(operand.signal), value }
      : { kind: 'switch', name, value };
  }

  /** A union, or `guests`, is so many guests of each of its classes. */
  #guests({ count, subject }: GivenGuests): readonly Fact[] {
    const number = count === null ? 1 : countOf(count);
    const of = modelSubject(subject, this.#scope);
    if (of.kind !== 'union' && of.kind !== 'guests') return [{ kind: 'guests', subject: of, count: number }];
    const classes = of.kind === 'union' ? this.#scope.classesOf(of.name) : this.#scope.classes();
    return classes.map(({ name }) => ({
      kind: 'guests',
      subject: { kind: 'class', name: name.text },
      count: number,
    }));
  }

  #expectation(line: TestLine): readonly Expectation[] {
    const shown = { place: this.#reporter.place(line.span), text: this.#reporter.textOf(line.span) };
    if (line.kind === 'expect-that') {
      return [{ ...shown, kind: 'that', condition: this.#conditions.of(line.condition) }];
    }
    if (line.kind !== 'expect') return [];
    const subject = modelSubject(line.subject, this.#scope);
    return [{ ...shown, kind: 'outcome', subject, each: line.each, outcome: outcomeModel(line.outcome) }];
  }
}

function outcomeModel(outcome: Outcome): ModelOutcome {
  switch (outcome.kind) {
    case 'paused':
    case 'yields':
      return { kind: outcome.kind };
    case 'runs':
      return {
        kind: 'runs',
        runNs: nanosecondsOf(outcome.budget),
        periodNs: nanosecondsOf(outcome.period),
      };
    case 'reserved':
      return { kind: 'reserved', form: formModel(outcome.form) };
    case 'guaranteed':
      return { kind: 'guaranteed', amounts: amountsOf(outcome.amounts) };
    default:
      return claimModel(outcome);
  }
}
