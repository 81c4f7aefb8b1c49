import { compare, ONE } from '../../support/rational.js';
import { catalogue } from '../catalogue.js';
import { numberOf } from '../quantities.js';
import { eachTestLine } from '../traversal.js';
import type { ClassDeclaration, GivenGuests } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** A test is given no more guests of a class than belong to it. */
export function checkGivenGuests(input: CheckInput): void {
  eachTestLine(input.policy, (line) => {
    if (line.kind !== 'given' || line.fact.kind !== 'vms') return;
    for (const guests of line.fact.guests) checkGuests(guests, input);
  });
}

function checkGuests({ count, subject }: GivenGuests, { scope, reporter }: CheckInput): void {
  const number = count === null ? null : numberOf(count);
  if (count === null || number === null || subject.kind === 'others') return;
  const classes = subject.kind === 'named' ? scope.classesOf(subject.name.text) : scope.classes();
  const full = classes.find((declared) => compare(number, capacityOf(declared)) > 0);
  if (full === undefined) return;
  const related = [reporter.related(full.capacity?.span ?? full.name.span, 'declared here')];
  const parameters = {
    count: count.number,
    name: `\`${writtenName(full.name.text)}\``,
    capacity: full.capacity === null ? 'one guest at a time' : `up to ${full.capacity.number} guests`,
  };
  reporter.add(catalogue.tooManyGuests.at(reporter.place(count.span), parameters, { related }));
}

const capacityOf = ({ capacity }: ClassDeclaration) =>
  capacity === null ? ONE : (numberOf(capacity) ?? ONE);
