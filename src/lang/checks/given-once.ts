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

/** Of all tests together: a union of very many classes can be given in very many of them. */
const MAX_THINGS = 100_000;

/** A test is given each thing once. */
export function checkGivenOnce(input: CheckInput): void {
  let count = 0;
  for (const statement of input.policy.statements) {
    if (statement.kind !== 'test') continue;
    count += checkTest(statement, input);
    if (count <= MAX_THINGS) continue;
    const parameters = {
      what: 'What the tests are given, class by class,',
      found: 'more',
      range: `at most ${MAX_THINGS} things`,
    };
    input.reporter.add(catalogue.outOfRange.at(input.reporter.place(statement.title.span), parameters));
    return;
  }
}

/** How many things it is given, until they are too many. */
function checkTest({ lines }: TestDeclaration, input: CheckInput): number {
  const seen = new Map<string, Span>();
  let count = 0;
  for (const line of lines) {
    if (line.kind !== 'given' || count > MAX_THINGS) continue;
    for (const thing of thingsIn(line.fact, line.span, input)) {
      count++;
      const first = seen.get(thing.what);
      if (first === undefined) seen.set(thing.what, thing.span);
      else reportRepeated(thing, first, input);
    }
  }
  return count;
}

function reportRepeated({ what, span }: GivenThing, first: Span, { reporter }: CheckInput): void {
  const related = [reporter.related(first, 'first given here')];
  reporter.add(catalogue.repeatedGiven.at(reporter.place(span), { what }, { related }));
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
