import { someSubject, type Writing } from './declared.js';
import { writeComparisonSubject, writeCondition, writeOperand } from './write-conditions.js';
import { writeBound, writeReservation } from './write-constraints.js';
import { writeAmounts, writeDuty, writeValue } from './write-quantities.js';

/** A `test`; `number` tells its title from the others'. */
export function writeTest(writing: Writing, number: number): string {
  const { random } = writing;
  const lines = [
    ...(random.chance(0.8)
      ? [`at 2026-1${random.between(0, 2)}-2${random.below(9)} ${random.pick(['10:00', '03:30', '23:59'])}`]
      : []),
    ...Array.from({ length: random.below(3) }, () => `given ${writeFact(writing)}`),
    ...(random.chance(0.5) ? [`given vms ${writeGuests(writing)}`] : []),
    ...Array.from({ length: random.between(1, 2) }, () => `expect ${writeExpectation(writing)}`),
  ];
  return `test "case ${number}" { ${lines.join(' ')} }`;
}

function writeFact(writing: Writing): string {
  const { random, declared } = writing;
  if (declared.budgets.length > 0 && random.chance(0.3))
    return `budget ${random.pick(declared.budgets)} spent`;
  // Directly behind `given` the bare name would begin the list of guests.
  const afterGiven = (text: string) => (text === 'vms' ? '"vms"' : text);
  switch (random.below(4)) {
    case 0:
      return afterGiven(writeOperand(writing));
    case 1:
      return `not ${writeOperand(writing)}`;
    case 2:
      return `${afterGiven(writeComparisonSubject(writing)[0])} unknown`;
    default: {
      const [subject, type] = writeComparisonSubject(writing);
      return `${afterGiven(subject)} = ${writeValue(writing, type)}`;
    }
  }
}

function writeGuests({ random, declared }: Writing): string {
  return random
    .some(declared.classes, 1, 3)
    .map(({ name, capacity }) => (random.chance(0.5) ? name : `${random.between(1, capacity)} ${name}`))
    .join(', ');
}

function writeExpectation(writing: Writing): string {
  const { random } = writing;
  if (random.chance(0.25)) return `that ${writeCondition(writing, 1)}`;
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
