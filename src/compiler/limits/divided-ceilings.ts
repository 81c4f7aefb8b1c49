import {
  add,
  compare,
  divide,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import type { Bound } from '../demands/demands.js';
import { reservedWithin } from '../demands/reserved-within.js';
import { sum } from '../exact.js';
import type { CeilingContext } from './ceilings.js';

interface Division {
  readonly takesPart?: (member: string) => boolean;
  readonly proportions?: ReadonlyMap<string, Bound>;
}

/**
 * The limit of a loose union, which has no cgroup, as limits of the classes in it: what reservations leave of it, first
 * as much for each as it is promised, and the rest by `proportions`, or where some have none by the number of vCPUs. Their
 * sum is the limit, so it holds; guests of one class cannot use what those of another leave of it. Null where reservations
 * leave nothing to divide. `takesPart`: the others are left out.
 */
export function dividedCeiling<B extends Bound>(
  key: string,
  bound: B,
  { population, demands }: CeilingContext,
  { takesPart = () => true, proportions = new Map() }: Division = {},
): ReadonlyMap<string, B> | null {
  const members = population.membersOf(key).filter(takesPart);
  const free = members.filter(
    (member) => !demands.reservations.has(member) && demands.duties.get(member)?.runNs !== 0n,
  );
  const reserved = reservedWithin(members, { population, demands }).all;
  const floorOf = (member: string): Rational => demands.floors.get(member)?.cores ?? ZERO;
  const left = subtract(subtract(bound.cores, reserved), sum(free.map(floorOf)));
  if (compare(left, ZERO) < 0 || (compare(left, ZERO) === 0 && free.some(isUnpromised))) return null;
  const vcpusOf = (member: string): Rational => {
    const { vcpus, maxGuests } = population.classes.get(member) ?? { vcpus: 1, maxGuests: 1 };
    return rational(BigInt(vcpus) * BigInt(maxGuests));
  };
  const isByProportion = free.every((member) => proportions.has(member));
  const proportionOf = (member: string) => (isByProportion ? proportions.get(member) : undefined);
  const partOf = (member: string) => proportionOf(member)?.cores ?? vcpusOf(member);
  const all = sum(free.map(partOf));
  return new Map(
    free.map((member) => {
      const rest = divide(multiply(left, partOf(member)), all);
      const sentences = new Set([...bound.sentences, ...(proportionOf(member)?.sentences ?? [])]);
      return [member, { ...bound, sentences: [...sentences], cores: add(floorOf(member), rest) }];
    }),
  );

  function isUnpromised(member: string): boolean {
    return compare(floorOf(member), ZERO) === 0;
  }
}
