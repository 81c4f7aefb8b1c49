import type { Random } from '../random.js';
import type { Writing } from './declared.js';

const number = (random: Random, from: number, to: number): string =>
  `${random.between(from, to)}${random.chance(0.15) ? random.pick(['.5', '.25', '.0']) : ''}`;

const withUnit = (random: Random, count: string, unit: string): string =>
  `${count}${random.chance(0.5) ? ' ' : ''}${unit}`;

export const writeSize = (random: Random): string =>
  withUnit(
    random,
    String(random.between(1, 8)),
    random.pick(['GiB', 'GB', 'MiB', 'TiB', 'MB', 'KiB', 'KB', 'B']),
  );

const writeRate = (random: Random): string =>
  withUnit(
    random,
    number(random, 1, 900),
    random.pick([
      'Mbit/s',
      'MB/s',
      'MiB/s',
      'Kbit/s',
      'KB/s',
      'KiB/s',
      'GB/s',
      'B/s',
      'bit/s',
      'Gbit/s',
      'GiB/s',
    ]),
  );

/** Of 1 s to a day. */
export const writeTime = (random: Random): string => {
  const unit = random.pick(['s', 's', 'min', 'h', 'ms', 'us']);
  const count = unit === 'ms' ? random.between(1000, 5000) : random.between(1, unit === 'h' ? 24 : 50);
  return withUnit(random, String(unit === 'us' ? count * 1_000_000 : count), unit);
};

/** `Q every P`, or another word between the two: budget and period of what a thread can be given, 100 us to 1 s. */
export function writeEvery(random: Random, between = 'every'): string {
  const unit = random.pick(['us', 'ms', 'ms', 'ms']);
  const period = unit === 'us' ? random.between(1, 20) * 500 : random.between(1, 40) * 5;
  const budget = Math.max(
    unit === 'us' ? 2 : 1,
    Math.floor(period * random.pick([0.02, 0.05, 0.1, 0.2, 0.5, 1])),
  );
  return `${withUnit(random, String(budget), unit)} ${between} ${withUnit(random, String(period), unit)}`;
}

/** `Q every P` of a duty cycle, 10 ms to 1 h. */
export function writeDuty(random: Random): string {
  const [unit, least] = random.pick([
    ['ms', 10],
    ['s', 1],
    ['min', 1],
  ] as const);
  const period = least * random.between(2, 50);
  const budget = random.between(1, period);
  return `${withUnit(random, String(budget), unit)} every ${withUnit(random, String(period), unit)}`;
}

export function writeCpu(random: Random): string {
  switch (random.below(3)) {
    case 0:
      return random.chance(0.3)
        ? '1 core'
        : withUnit(random, random.pick(['1', '2', '3', '0.5', '1.5']), 'cores');
    case 1:
      return `${withUnit(random, String(random.between(5, 90)), '%')} of cpu`;
    default:
      return `${withUnit(random, String(random.between(5, 95)), '%')} of a core`;
  }
}

const OTHER_AMOUNTS: readonly ((random: Random) => string)[] = [
  (random) => (random.chance(0.6) ? `${writeSize(random)} memory` : `${random.between(5, 60)}% of memory`),
  (random) => `${writeRate(random)} disk`,
  (random) => `${withUnit(random, String(random.between(10, 5000)), 'iops')} disk`,
  (random) => `${writeRate(random)} network`,
];

/** One amount of any kind. */
export const writeAmount = (random: Random): string =>
  random.chance(0.7) ? writeCpu(random) : random.pick(OTHER_AMOUNTS)(random);

/** Amounts of different kinds, joined by `and`. `cpu` writes that of CPU. */
export function writeAmounts(random: Random, cpu: (random: Random) => string = writeCpu): string {
  const kinds = random.chance(0.7) ? [cpu] : random.some([cpu, cpu, cpu, ...OTHER_AMOUNTS], 1, 3);
  return [...new Set(kinds)].map((write) => write(random)).join(' and ');
}

export const writeWork = (random: Random): string =>
  withUnit(
    random,
    number(random, 1, 40),
    random.pick(['core-hours', 'core-hour', 'core-minutes', 'core-minute', 'core-seconds', 'core-second']),
  );

/** Two values of a type, the first above the second, in the same unit. */
export type WriteApart = (random: Random) => readonly [upper: string, lower: string];

const apart =
  (from: number, to: number, units: readonly string[]): WriteApart =>
  (random) => {
    const unit = random.pick(units);
    const lower = random.between(from, to - 1);
    const write = (value: number) => (unit === '' ? String(value) : withUnit(random, String(value), unit));
    return [write(random.between(lower + 1, to)), write(lower)];
  };

/** By the type that a signal has. */
export const APART: Readonly<Record<string, WriteApart>> = {
  cpu: apart(1, 90, ['%', '%', '% of cpu', '% of a core', 'cores']),
  number: apart(0, 20, ['']),
  '%': apart(0, 100, ['%']),
  time: apart(1, 90, ['s', 'min', 'h', 'ms']),
  size: apart(1, 64, ['GiB', 'GB', 'MiB', 'KiB', '% of memory']),
  rate: apart(1, 900, ['MB/s', 'Mbit/s', 'KiB/s', 'Gbit/s', 'B/s']),
  C: apart(20, 95, ['C']),
};

/** One value of a type. */
export function writeValue({ random }: Writing, type: string): string {
  const write = APART[type];
  if (write === undefined) throw new RangeError(`no values of the type ${type}`);
  return random.pick(write(random));
}
