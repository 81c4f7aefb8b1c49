import { freshName, someClassOrUnion, someSubject, type Writing } from './declared.js';
import { someCpuSignal, writeCondition, writeForecast } from './write-conditions.js';
import { writeGuest } from './write-declarations.js';
import { writeAmount, writeAmounts, writeCpu, writeDuty, writeEvery, writeWork } from './write-quantities.js';

type Write = (writing: Writing) => string;

const by = ({ random }: Writing, ...mechanisms: readonly string[]): string =>
  random.chance(0.12) ? ` by ${random.pick(mechanisms)}` : '';
const each = ({ random }: Writing): string => (random.chance(0.25) ? 'each ' : '');

const keep: Write = (writing) =>
  `keep ${writeAmounts(writing.random)} for owner${by(writing, 'share', 'reservation', 'quota')}`;

const limit: Write = (writing) => {
  const { random } = writing;
  const amounts = writeAmounts(random, (source) =>
    source.chance(0.2) ? writeElastic(writing) : writeCpu(source),
  );
  return `limit ${each(writing)}${someSubject(writing)} to ${amounts}${by(writing, 'quota', 'duty', 'share')}`;
};

function writeElastic(writing: Writing): string {
  const { random } = writing;
  const signal = someCpuSignal(writing);
  const minus = random.chance(0.5) ? signal : writeForecast(writing, signal);
  const lower = random.between(5, 30);
  const ends = random.pick([
    `${lower}% and 80% of cpu`,
    `${lower}% of cpu and 85 % of cpu`,
    '1 core and 4 cores',
  ]);
  return `${random.pick(['90% of cpu', '100% of cpu', '6 cores'])} - ${minus} between ${ends}`;
}

/** `Q every P`, `Q in any W`, `for its tasks`. */
export function writeReservation({ random }: Writing, hasTasks: boolean): string {
  if (hasTasks && random.chance(0.6)) return 'for its tasks';
  return random.chance(0.3) ? writeEvery(random, 'in any') : writeEvery(random);
}

const reserve: Write = (writing) => {
  const { name, hasTasks } = writing.random.pick(writing.declared.classes);
  return `reserve ${name} ${writeReservation(writing, hasTasks)}${by(writing, 'reservation')}`;
};

const guarantee: Write = (writing) =>
  `guarantee ${each(writing)}${someClassOrUnion(writing)} ${writeAmounts(writing.random)}${by(writing, 'share', 'reservation')}`;

const share: Write = (writing) => {
  const { random, declared } = writing;
  if (random.chance(0.25)) return `share cpu equally within ${someSubject(writing)}${by(writing, 'share')}`;
  const subjects = [...declared.classes.map(({ name }) => name), 'owner', 'others'];
  const parts = random
    .some(subjects, 1, 3)
    .map((subject) => `${subject} ${random.pick(['1', '2', '4', '1.5'])}`);
  return `share cpu among ${parts.join(', ')}${by(writing, 'share', 'duty')}`;
};

const run: Write = (writing) =>
  `run ${someSubject(writing)} ${writeDuty(writing.random)}${by(writing, 'duty', 'freezer')}`;
const pause: Write = (writing) => `pause ${someSubject(writing)}${by(writing, 'duty', 'freezer')}`;
const yieldTo: Write = (writing) => `yield ${someSubject(writing)}`;
const stop: Write = (writing) =>
  `stop ${someSubject(writing)} within ${writing.random.pick(['1s', '90 s', '5min', '1h'])}`;

const place: Write = (writing) => {
  const { random, declared } = writing;
  const cores = random
    .some(
      Array.from({ length: declared.cores }, (_, core) => core),
      1,
      3,
    )
    .sort((a, b) => a - b)
    .map((core, i, all) =>
      all[i + 1] === undefined && core + 1 < declared.cores ? `${core}-${core + 1}` : `${core}`,
    );
  return `place ${someSubject(writing)} on cores ${cores.join(',')}`;
};

const budget: Write = (writing) => {
  const { random, declared } = writing;
  const subject = someSubject(writing);
  declared.budgets.push(subject);
  const then = random.pick(['', ' then pause', ` then limit to ${writeCpu(random)}`]);
  return `budget ${each(writing)}${subject} ${writeWork(random)} per ${random.pick(['day', 'week', 'month'])}${then}`;
};

const offer: Write = (writing) => {
  const { random } = writing;
  const hasTasks = random.chance(0.3);
  const promise = random.pick([
    `reserve ${writeReservation(writing, hasTasks)}`,
    `guarantee ${random.pick(['1 core', '10% of cpu', '1 GiB memory', '20% of a core and 512MiB memory'])}`,
    'limit to 2 cores',
  ]);
  const terms = [
    ...writeGuest(writing, random.pick([1, 1, 2]), hasTasks),
    ...(random.chance(0.8) ? [promise] : []),
  ];
  const count = random.between(1, 3);
  return `offer ${count} ${count === 1 ? 'vm' : 'vms'} ${freshName(writing)} { ${terms.join(' ')} }`;
};

export const writeBound: Write = ({ random }) =>
  `at ${random.pick(['most', 'least'])} ${writeAmount(random)}`;

const assertion: Write = (writing) => {
  const { random } = writing;
  const claim = random.chance(0.2) ? 'paused' : writeBound(writing);
  const guard = random.chance(0.5) ? ` while ${writeCondition(writing, 1)}` : '';
  return `assert ${each(writing)}${someSubject(writing)} ${claim}${guard}`;
};

/** The more frequent ones more than once. */
const CONSTRAINTS: readonly Write[] = [
  keep,
  limit,
  limit,
  limit,
  reserve,
  guarantee,
  guarantee,
  share,
  run,
  pause,
  pause,
  yieldTo,
  place,
  stop,
  budget,
  offer,
  assertion,
];

export const writeConstraint: Write = (writing) => writing.random.pick(CONSTRAINTS)(writing);

/** A constraint, or a `when` with some. */
export function writeGuarded(writing: Writing, depth = 2): string {
  const { random } = writing;
  if (depth === 0 || random.chance(0.65)) return writeConstraint(writing);
  const block = () =>
    `{ ${Array.from({ length: random.below(3) }, () => writeGuarded(writing, depth - 1)).join(' ')} }`;
  let text = `when ${writeCondition(writing)} ${block()}`;
  if (random.chance(0.25)) text += ` otherwise when ${writeCondition(writing)} ${block()}`;
  return random.chance(0.4) ? `${text} otherwise ${block()}` : text;
}
