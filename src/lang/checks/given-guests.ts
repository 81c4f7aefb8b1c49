import { compare, ONE } from '../../support/rational.js';
import { catalogue } from '../catalogue.js';
import { numberOf } from '../quantities.js';
import { eachTestLine } from '../traversal.js';
import type { ClassDeclaration, GivenGuests } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** A test is given no more guests of a class than belong to it. */
export function checkGivenGuests(input: CheckInput): void {
  const given: GivenGuests[] = [];
  eachTestLine(input.policy, (line) => {
    if (line.kind !== 'given' || line.fact.kind !== 'vms') return;
    for (const guests of line.fact.guests) given.push(guests);
  });
  if (given.every(({ count }) => count === null)) return;
  const smallest = input.definitions.valuesOfSubjects<ClassDeclaration | null>(
    (declared) => declared,
    (members) => smallestOf(members),
  );
  const ofAll = smallestOf(input.scope.classes());
  for (const guests of given) {
    const { subject } = guests;
    if (subject.kind === 'named') checkGuests(guests, smallest.get(subject.name.text) ?? null, input);
    else if (subject.kind === 'guests') checkGuests(guests, ofAll, input);
  }
}

/** The class that the fewest guests can belong to: a union is so many guests of each of its classes. */
function smallestOf(classes: readonly (ClassDeclaration | null)[]): ClassDeclaration | null {
  let smallest: ClassDeclaration | null = null;
  for (const declared of classes) {
    if (declared === null) continue;
    if (smallest === null || compare(capacityOf(declared), capacityOf(smallest)) < 0) smallest = declared;
  }
  return smallest;
}

function checkGuests({ count }: GivenGuests, full: ClassDeclaration | null, { reporter }: CheckInput): void {
  const number = count === null ? null : numberOf(count);
  if (count === null || number === null || full === null) return;
  if (compare(number, capacityOf(full)) <= 0) return;
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
