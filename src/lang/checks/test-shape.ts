import { catalogue } from '../catalogue.js';
import type { TestDeclaration } from '../tree.js';
import type { CheckInput } from './check.js';

/** A test takes place at one time at most, and expects something. */
export function checkTestShape(input: CheckInput): void {
  for (const statement of input.policy.statements) {
    if (statement.kind !== 'test') continue;
    checkTimes(statement, input);
    checkExpectations(statement, input);
  }
}

function checkTimes({ lines }: TestDeclaration, { reporter }: CheckInput): void {
  const [first, ...others] = lines.filter(({ kind }) => kind === 'at');
  for (const line of others) {
    const related = first === undefined ? [] : [reporter.related(first.span, 'the first one')];
    reporter.add(catalogue.repeatedTime.at(reporter.place(line.span), {}, { related }));
  }
}

function checkExpectations({ title, lines, span }: TestDeclaration, { reporter }: CheckInput): void {
  const expects = lines.some(({ kind }) => kind === 'expect' || kind === 'expect-that');
  // The line that could not be read may be the one.
  if (expects || reporter.hasErrorsWithin(span)) return;
  reporter.add(catalogue.emptyTest.at(reporter.place(title.span), { title: title.text }));
}
