import { someSubject, type Writing } from './declared.js';
import { writeComparisonSubject, writeCondition, writeOperand } from './write-conditions.js';
import { writeBound, writeReservation } from './write-constraints.js';
import { writeAmounts, writeDuty, writeValue } from './write-quantities.js';

/** A `test`; `number` tells its title from the others'. Without an instant it asks for nothing that depends on one. */
export function writeTest(writing: Writing, number: number): string {
  const { random } = writing;
  const hasInstant = random.chance(0.8);
  const lines = [
    ...(hasInstant ? [`at 2026-1${random.between(0, 2)}-2${random.below(9)} ${random.pick(CLOCKS)}`] : []),
    ...writeFacts(writing, random.below(3)),
    ...(random.chance(0.5) ? [`given vms ${writeGuests(writing)}`] : []),
    ...Array.from({ length: random.between(1, 2) }, () => `expect ${writeExpectation(writing, hasInstant)}`),
  ];
  return `test "case ${number}" { ${lines.join(' ')} }`;
}

const CLOCKS = ['10:00', '03:30', '23:59'];

/** Each about something else. */
function writeFacts(writing: Writing, count: number): string[] {
  const facts = new Map(Array.from({ length: count }, () => writeFact(writing)));
  return [...facts.values()].map((fact) => `given ${fact}`);
}

/** What it is about, and the fact. */
function writeFact(writing: Writing): readonly [about: string, fact: string] {
  const { random, declared } = writing;
  if (declared.budgets.length > 0 && random.chance(0.3)) {
    const budget = `budget ${random.pick(declared.budgets)}`;
    return [budget, `${budget} spent`];
  }
  // Directly behind `given` the bare name would begin the list of guests.
  const afterGiven = (text: string) => (text === 'vms' ? '"vms"' : text);
  if (random.chance(0.5)) {
    const operand = writeOperand(writing);
    return [operand, random.chance(0.5) ? afterGiven(operand) : `not ${operand}`];
  }
  const [subject, type] = writeComparisonSubject(writing);
  const value = random.chance(0.3) ? 'unknown' : `= ${writeValue(writing, type)}`;
  return [subject, `${afterGiven(subject)} ${value}`];
}

function writeGuests({ random, declared }: Writing): string {
  return random
    .some(declared.classes, 1, 3)
    .map(({ name, capacity }) => (random.chance(0.5) ? name : `${random.between(1, capacity)} ${name}`))
    .join(', ');
}

function writeExpectation(writing: Writing, hasInstant: boolean): string {
  const { random } = writing;
  if (random.chance(0.25)) return `that ${hasInstant ? writeCondition(writing, 1) : writeOperand(writing)}`;
  const outcome = random.pick([
    () => writeBound(writing),
    () => writeBound(writing),
    () => 'paused',
    () => 'yields',
    () => `runs ${writeDuty(random)}`,
    () => `reserved ${writeReservation(writing, false)}`,
    () => `guaranteed ${writeAmounts(random)}`,
  ])();
  return `${random.chance(0.2) ? 'each ' : ''}${someSubject(writing)} ${outcome}`;
}
