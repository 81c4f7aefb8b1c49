import { someClassOrUnion, type Writing } from './declared.js';
import { APART, writeTime } from './write-quantities.js';

const SIGNALS: readonly (readonly [name: string, type: string])[] = [
  ['owner.demand', 'cpu'],
  ['owner.cpu', 'cpu'],
  ['host.cpu', 'cpu'],
  ['guests.cpu', 'cpu'],
  ['host.load', 'number'],
  ['host.memory.available', 'size'],
  ['host.pressure.cpu', '%'],
  ['host.pressure.memory', '%'],
  ['host.pressure.io', '%'],
  ['host.temperature', 'C'],
  ['host.battery', '%'],
  ['user.idle', 'time'],
  ['host.disk.busy', '%'],
  ['host.network.in', 'rate'],
  ['host.network.out', 'rate'],
];
const OF_A_CLASS: readonly (readonly [path: string, type: string])[] = [
  ['cpu', 'cpu'],
  ['memory', 'size'],
  ['count', 'number'],
];
const PROCESSES = ['"blender*"', '"ffmpeg"', '"[a-c]?x"', '"make \\"all\\""'];

/** A signal with a quantity, and its type. */
export function someSignal(writing: Writing): readonly [name: string, type: string] {
  const { random, declared } = writing;
  if (declared.signals.length > 0 && random.chance(0.2)) {
    const { name, type } = random.pick(declared.signals);
    return [name, type];
  }
  if (random.chance(0.25)) {
    const [path, type] = random.pick(OF_A_CLASS);
    return [`${someClassOrUnion(writing)}.${path}`, type];
  }
  return random.chance(0.5) ? random.pick(SIGNALS.slice(0, 4)) : random.pick(SIGNALS);
}

export const someCpuSignal = ({ random }: Writing): string => random.pick(SIGNALS.slice(0, 4))[0];

export function writeForecast(writing: Writing, signal: string): string {
  const { random } = writing;
  const side = random.pick(['', '', 'upper ', 'lower ']);
  return `forecast(${signal} over ${writeTime(random)} at ${side}${random.pick(['95%', '50 %', '99.9%', '80%'])})`;
}

/** What a comparison is about, and its type. */
export function writeComparisonSubject(writing: Writing): readonly [text: string, type: string] {
  const [signal, type] = someSignal(writing);
  return [writing.random.chance(0.2) ? writeForecast(writing, signal) : signal, type];
}

function writeComparison(writing: Writing): string {
  const { random } = writing;
  const [subject, type] = writeComparisonSubject(writing);
  const [upper, lower] = APART[type]?.(random) ?? ['1', '0'];
  const upwards = random.chance(0.7);
  const hold = () => (random.chance(0.3) ? ` for ${writeTime(random)}` : '');
  const [start, end] = upwards ? [`> ${upper}`, `< ${lower}`] : [`< ${lower}`, `> ${upper}`];
  const loosen = (threshold: string) => (random.chance(0.3) ? threshold.replace(/[<>]/, '$&=') : threshold);
  return `${subject} ${loosen(start)}${hold()}${random.chance(0.4) ? ` until ${loosen(end)}${hold()}` : ''}`;
}

/** What is true or false by itself, calendars aside. */
export function writeOperand(writing: Writing): string {
  const { random, declared } = writing;
  const choices = [
    'host.on-battery',
    'user.active',
    `${someClassOrUnion(writing)}.running`,
    `process ${random.pick(PROCESSES)} running`,
    ...declared.switches,
    ...declared.switches,
  ];
  return random.pick(choices);
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export function writeCalendar({ random, declared }: Writing): string {
  if (declared.calendars.length > 0 && random.chance(0.2)) return random.pick(declared.calendars);
  const windows = random.chance(0.6) ? ` ${writeWindows(random.between(1, 2), random.below(8))}` : '';
  switch (random.below(3)) {
    case 0:
      return `${random.pick(['daily', 'weekdays', 'weekends'])}${windows}`;
    case 1:
      return `${random.some([...DAYS, 'mon-fri', 'sat-sun', 'fri-mon'], 1, 3).join(', ')}${windows}`;
    default:
      return `${random.some(['2026-12-24', '2026-12-24..2027-01-01', '2028-02-29', '2027-07-01..2027-08-31'], 1, 2).join(', ')}${windows}`;
  }
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Windows one behind the other, the last of them perhaps past midnight. */
function writeWindows(count: number, startHour: number): string {
  const windows = Array.from({ length: count }, (_, i) => {
    const start = startHour + 5 * i;
    return `${twoDigits(start)}:${twoDigits((7 * start) % 60)}-${twoDigits(start + 3 + i)}:30`;
  });
  return [
    ...windows,
    ...(startHour % 4 === 1 ? ['22:00-04:00'] : startHour % 4 === 2 ? ['20:15-24:00'] : []),
  ].join(', ');
}

function writeExcept(writing: Writing): string {
  const { random } = writing;
  const removed = Array.from({ length: random.between(1, 2) }, () => writeCalendar(writing));
  const base = writeCalendar(writing);
  return [random.chance(0.2) ? `(${base})` : base, ...removed].join(' except ');
}

/** A `let` that `except` may name. */
export const writeCalendarCondition = (writing: Writing): string =>
  writing.random.chance(0.4) ? writeExcept(writing) : writeCalendar(writing);

/** Any condition; `depth` bounds its height. */
export function writeCondition(writing: Writing, depth = 2): string {
  const { random, declared } = writing;
  if (random.chance(0.08)) return `${writeChain(writing, depth)} assuming ${random.pick(['true', 'false'])}`;
  if (declared.conditions.length > 0 && random.chance(0.3)) return random.pick(declared.conditions);
  return writeChain(writing, depth);
}

function writeChain(writing: Writing, depth: number): string {
  const { random } = writing;
  if (depth === 0 || random.chance(0.5)) return writeTerm(writing, depth);
  const terms = Array.from({ length: random.between(2, 3) }, () => writeTerm(writing, depth - 1));
  return terms.reduce((text, term) => `${text} ${random.pick(['and', 'or'])} ${term}`);
}

function writeTerm(writing: Writing, depth: number): string {
  const { random, declared } = writing;
  if (depth > 0 && random.chance(0.12)) return `(${writeCondition(writing, depth - 1)})`;
  if (random.chance(0.12)) return `not ${writeTerm(writing, depth)}`;
  switch (random.below(6)) {
    case 0:
      return writeCalendar(writing);
    case 1:
      return writeExcept(writing);
    case 2:
      return declared.conditions.length > 0 ? random.pick(declared.conditions) : writeOperand(writing);
    case 3:
      return writeOperand(writing);
    default:
      return writeComparison(writing);
  }
}
