import type { Amounts } from '../../lang/model.js';
import { formatRational, multiply, type Rational, rational } from '../../support/rational.js';
import { coresOf } from '../cpu-amount.js';
import { type EffectiveHost, wholeHost } from '../effective-host.js';

/** What can be limited and promised: cores, bytes, bytes per second, operations per second. */
export type Resource = keyof Amounts;

const ALL: readonly Resource[] = ['cpu', 'memory', 'diskBytesPerSecond', 'diskIops', 'networkBytesPerSecond'];

/** What an AMOUNT says of one resource, in cores, bytes or per second; null: nothing. */
export function amountOf(amounts: Amounts, resource: Resource, host: EffectiveHost): Rational | null {
  if (resource === 'cpu') return amounts.cpu === null ? null : coresOf(amounts.cpu, host);
  if (resource !== 'memory') return amounts[resource];
  const { memory } = amounts;
  if (memory === null) return null;
  return memory.kind === 'size'
    ? memory.bytes
    : multiply(memory.fraction, rational(BigInt(host.facts.memoryBytes)));
}

export interface Asked {
  readonly resource: Resource;
  readonly value: Rational;
}

/** Every resource that AMOUNTS speak of. */
export function askedFor(amounts: Amounts, host: EffectiveHost): readonly Asked[] {
  return ALL.flatMap((resource) => {
    const value = amountOf(amounts, resource, host);
    return value === null ? [] : [{ resource, value }];
  });
}

/** The whole of a resource that the host has; null where nobody knows. */
export function hostAmount(resource: Resource, host: EffectiveHost): Rational | null {
  if (resource === 'cpu') return wholeHost(host);
  return resource === 'memory' ? rational(BigInt(host.facts.memoryBytes)) : null;
}

/** "2 cores (25% of cpu)", "8 GiB of memory", "20 MB/s of disk". */
export function resourceText({ resource, value }: Asked, host: EffectiveHost): string {
  switch (resource) {
    case 'cpu': {
      const percent = multiply(value, rational(100n, BigInt(host.coreCount)));
      return `${coresIn(value)} (${shortly(percent)}% of cpu)`;
    }
    case 'memory':
      return `${scaled(value, BINARY)} of memory`;
    case 'diskBytesPerSecond':
      return `${scaled(value, DECIMAL)}/s of disk`;
    case 'diskIops':
      return `${shortly(value)} iops of disk`;
    case 'networkBytesPerSecond':
      return `${scaled(value, DECIMAL)}/s of network`;
  }
}

/** "1 core", "about 1.876 cores". */
export const coresIn = (value: Rational): string =>
  `${shortly(value)} ${value.num === value.den ? 'core' : 'cores'}`;

type Scale = readonly (readonly [unit: string, size: bigint])[];
const BINARY: Scale = [
  ['TiB', 2n ** 40n],
  ['GiB', 2n ** 30n],
  ['MiB', 2n ** 20n],
  ['KiB', 2n ** 10n],
];
const DECIMAL: Scale = [
  ['GB', 10n ** 9n],
  ['MB', 10n ** 6n],
  ['KB', 10n ** 3n],
];

/** In the largest unit of which there is at least one. */
function scaled(value: Rational, scale: Scale): string {
  const [unit, size] = scale.find(([, one]) => value.num >= value.den * one) ?? ['B', 1n];
  return `${shortly(multiply(value, rational(1n, size)))} ${unit}`;
}

/** Exact where that takes at most three decimals, else to three of them. */
function shortly(value: Rational): string {
  const thousandths = multiply(value, rational(1000n));
  if (thousandths.den === 1n) return formatRational(value);
  return `about ${formatRational(rational((thousandths.num * 2n + thousandths.den) / (thousandths.den * 2n), 1000n))}`;
}
