import { catalogue } from '../catalogue.js';
import { eachConstraint, eachTestLine } from '../traversal.js';
import type { Subject } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** Only a budget that a sentence states can be spent in a test. */
export function checkKnownBudgets({ policy, scope, reporter }: CheckInput): void {
  const known = new Set<string>();
  eachConstraint(policy, (constraint) => {
    if (constraint.kind === 'budget') known.add(nameOf(constraint.subject));
  });
  // The sentence that could not be read may be the budget; a name that stands for nothing has its error.
  if (reporter.hasErrors()) return;
  eachTestLine(policy, (line) => {
    if (line.kind !== 'given' || line.fact.kind !== 'spent') return;
    const { subject } = line.fact;
    const name = nameOf(subject);
    if (known.has(name) || (subject.kind === 'named' && scope.find(subject.name.text) === null)) return;
    reporter.add(catalogue.noBudget.at(reporter.place(subject.span), { subject: `\`${name}\`` }));
  });
}

const nameOf = (subject: Subject): string =>
  subject.kind === 'named' ? writtenName(subject.name.text) : subject.kind;
