import { catalogue } from '../catalogue.js';
import { signalName } from '../scope.js';
import type { ComparisonSubject, GivenFact, GivenGuests, Span, Subject, TestDeclaration } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** Something that a test is given, in the words of the message, and where. */
interface GivenThing {
  readonly what: string;
  readonly span: Span;
}

/** A test is given each thing once. */
export function checkGivenOnce(input: CheckInput): void {
  for (const statement of input.policy.statements) {
    if (statement.kind === 'test') checkTest(statement, input);
  }
}

function checkTest({ lines }: TestDeclaration, input: CheckInput): void {
  const { reporter } = input;
  const seen = new Map<string, Span>();
  for (const line of lines) {
    if (line.kind !== 'given') continue;
    for (const { what, span } of thingsIn(line.fact, line.span, input)) {
      const first = seen.get(what);
      if (first === undefined) {
        seen.set(what, span);
        continue;
      }
      const related = [reporter.related(first, 'first given here')];
      reporter.add(catalogue.repeatedGiven.at(reporter.place(span), { what }, { related }));
    }
  }
}

function thingsIn(fact: GivenFact, span: Span, input: CheckInput): readonly GivenThing[] {
  switch (fact.kind) {
    case 'truth':
      if (fact.operand.kind === 'reference')
        return [{ what: written(signalName(fact.operand.signal)), span }];
      return fact.operand.kind === 'process'
        ? [{ what: `Process "${fact.operand.pattern.text}"`, span }]
        : [];
    case 'value':
    case 'unknown':
      return [{ what: describe(fact.subject), span }];
    case 'spent':
      return [{ what: `The budget of ${nameOf(fact.subject)}`, span }];
    case 'vms':
      return fact.guests.flatMap((guests) => classesIn(guests, input));
  }
}

/** A union, or `guests`, is each of its classes. */
function classesIn({ subject }: GivenGuests, { scope }: CheckInput): readonly GivenThing[] {
  const { span } = subject;
  if (subject.kind === 'others') return [{ what: 'The guests of `others`', span }];
  const classes = subject.kind === 'named' ? scope.classesOf(subject.name.text) : scope.classes();
  return classes.map(({ name }) => ({ what: `The guests of ${written(writtenName(name.text))}`, span }));
}

function describe(subject: ComparisonSubject): string {
  const signal = signalName(subject.signal);
  if (subject.kind === 'signal') return written(signal);
  const { over, side, level } = subject;
  const horizon = `${over.number}${over.unit}`;
  return written(`forecast(${signal} over ${horizon} at ${side} ${level.number}%)`);
}

const written = (text: string): string => `\`${text}\``;
const nameOf = (subject: Subject): string =>
  written(subject.kind === 'named' ? writtenName(subject.name.text) : subject.kind);
