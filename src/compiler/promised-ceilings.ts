import {
  add,
  compare,
  max,
  min,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../support/rational.js';
import type { Ceiling, CeilingContext } from './ceilings.js';
import { sum } from './exact.js';
import { waterFill } from './fluid-division.js';
import { proportionOf } from './fluid-tree.js';
import { reservedWithin } from './reserved-within.js';
import { everySubject, type FloorTable, floorTable } from './share-floors.js';
import { proportionsByParent, type RatioGroup } from './share-proportions.js';

/** Such a limit names so many of the promises that it makes room for. */
const CITED = 5;

/**
 * Limits by quota, and where something is promised within one also limits on what is in it. The bandwidth controller gives a
 * quota to whoever runs first, whatever the weights: on a host with free cores those who are promised nothing would use it
 * up. So where they could, what is in the limited subject divides the limit: each has what is promised to it, and of the rest
 * its proportion. What one of them leaves the others cannot use then.
 */
export function withPromisesKept(ceilings: readonly Ceiling[], context: CeilingContext): readonly Ceiling[] {
  const { demands, nest, situation } = context;
  if (demands.floors.size === 0 || !context.host.gathers) return ceilings;
  const shares = demands.shares.filter(({ mechanism }) => mechanism === 'share');
  const within: Within = {
    sums: new Map(ceilings.filter(isSumByQuota).map((one) => [one.key, one])),
    each: new Map(ceilings.filter((one) => one.scope === 'each').map((one) => [one.key, one])),
    floors: floorTable(demands, nest, everySubject(context), context),
    groups: proportionsByParent(shares, nest, situation, context),
  };
  const added = new Map<string, Ceiling>();
  const visit = (key: string): void => {
    const ceiling = added.get(key) ?? within.sums.get(key);
    const children = nest.childrenOf.get(key) ?? [];
    if (ceiling) for (const one of divided(ceiling, children, within, context)) added.set(one.key, one);
    for (const child of children) visit(child);
  };
  visit('guests');
  const replaced = ceilings.filter(
    (one) => !(isSumByQuota(one) && added.has(one.key) && one.elastic === null),
  );
  return [...replaced, ...added.values()];
}

interface Within {
  readonly sums: ReadonlyMap<string, Ceiling>;
  readonly each: ReadonlyMap<string, Ceiling>;
  readonly floors: FloorTable;
  readonly groups: ReadonlyMap<string, readonly RatioGroup[]>;
}

const isSumByQuota = ({ mechanism, scope }: Ceiling): boolean => mechanism === 'quota' && scope === 'sum';

/** An elastic limit has to leave what is promised at its lower end, too. */
const lowerEnd = ({ cores, elastic }: Ceiling): Rational => (elastic ? min(cores, elastic.from) : cores);

/** Limits on what is in a limited subject; none where all that others can use leaves everybody what is promised to it. */
function divided(
  ceiling: Ceiling,
  children: readonly string[],
  within: Within,
  context: CeilingContext,
): readonly Ceiling[] {
  const { demands, population } = context;
  const reserved = reservedWithin(population.membersOf(ceiling.key), context).all;
  const left = max(subtract(lowerEnd(ceiling), reserved), ZERO);
  const parts = children
    .filter((key) => !demands.reservations.has(key) && demands.duties.get(key)?.runNs !== 0n)
    .map((key) => {
      const most = min(reachOf(key, within, context) ?? left, left);
      return { key, most, floor: min(within.floors.promised(key), most) };
    });
  const usable = sum(parts.map(({ most }) => most));
  const short = parts.some(
    ({ most, floor }) =>
      compare(floor, ZERO) > 0 && compare(subtract(left, subtract(usable, most)), floor) < 0,
  );
  if (!short || compare(sum(parts.map(({ floor }) => floor)), left) > 0) return [];
  const groups = within.groups.get(ceiling.key) ?? [];
  const cores = waterFill(
    left,
    parts.map(({ key, ...one }) => ({ ...one, proportion: proportionOf(key, groups) })),
  );
  const promises = within.floors.sentencesIn(ceiling.key).slice(0, CITED);
  return parts.flatMap(({ key, most }, index): readonly Ceiling[] => {
    // INVARIANT: as many amounts as parts.
    const own = cores[index]!;
    if (compare(own, most) >= 0) return [];
    return [
      {
        key,
        scope: 'sum',
        cores: own,
        mechanism: 'quota',
        elastic: null,
        sentences: [...new Set([...ceiling.sentences, ...promises])],
        note: `its part of the limit of ${ceiling.key}, so that what is promised there is not used up by others`,
      },
    ];
  });
}

/** What a subject can use at the most at an instant; null: nobody knows. */
function reachOf(key: string, within: Within, context: CeilingContext): Rational | null {
  const declared = context.population.classes.get(key);
  const own = within.sums.get(key);
  const parts = declared ? [] : (context.nest.childrenOf.get(key) ?? []);
  let reach: Rational | null = null;
  if (declared) {
    const guests = rational(BigInt(declared.maxGuests));
    const each = within.each.get(key)?.cores;
    const guest = rational(BigInt(declared.vcpus));
    reach = multiply(guests, each ? min(each, guest) : guest);
  } else if (parts.length > 0) {
    const inner = parts.map((part) => reachOf(part, within, context));
    reach = inner.reduce<Rational | null>((all, one) => (all && one ? add(all, one) : null), ZERO);
  }
  return own ? (reach ? min(reach, own.cores) : own.cores) : reach;
}
