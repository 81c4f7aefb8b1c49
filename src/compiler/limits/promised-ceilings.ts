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
} from '../../support/rational.js';
import type { Bound } from '../demands/demands.js';
import { vcpusIn } from '../demands/promise-conflicts.js';
import { reservedWithin } from '../demands/reserved-within.js';
import { sum } from '../exact.js';
import { pathToHost } from '../nest.js';
import { waterFill } from '../shares/fluid-division.js';
import { proportionOf } from '../shares/fluid-tree.js';
import { everySubject, type FloorTable, floorTable } from '../shares/share-floors.js';
import { proportionsByParent, type RatioGroup } from '../shares/share-proportions.js';
import type { ShareAssignment } from '../shares/shares.js';
import type { Ceiling, CeilingContext } from './ceilings.js';
import { isKeptByWeights } from './quota-run.js';

/** Such a limit names so many of the promises that it makes room for. */
const CITED = 5;

/**
 * Limits by quota, and where neither weights nor vCPUs keep what is promised within one also limits on what is in it. The bandwidth
 * controller gives a quota to whoever runs first: on a host with free cores those who are promised nothing would use it up.
 * Then what is in the limited subject divides the limit: the only one to whom something is promised may use all of it,
 * and the others what the promise leaves; of several each has what is promised to it, and of the rest its proportion. What one
 * of them leaves the others cannot use then.
 */
export function withPromisesKept(
  ceilings: readonly Ceiling[],
  assignments: readonly ShareAssignment[],
  context: CeilingContext,
): readonly Ceiling[] {
  const { demands, nest, situation } = context;
  if (demands.floors.size === 0 || !context.host.gathers) return ceilings;
  const shares = demands.shares.filter(({ mechanism }) => mechanism === 'share');
  const within: Within = {
    sums: new Map(ceilings.filter(isSumByQuota).map((one) => [one.key, one])),
    each: new Map(ceilings.filter((one) => one.scope === 'each').map((one) => [one.key, one])),
    floors: floorTable(demands, nest, everySubject(context), context),
    groups: proportionsByParent(shares, nest, situation, context),
    promises: promisesByUnion(context),
    weightOf: weightsOf(assignments, context),
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
  /** By subject what is promised to those in it. */
  readonly promises: ReadonlyMap<string, readonly (readonly [string, Bound])[]>;
  readonly weightOf: (key: string) => number;
}

const isSumByQuota = ({ mechanism, scope }: Ceiling): boolean => mechanism === 'quota' && scope === 'sum';

/** An elastic limit has to leave what is promised at its lower end, too. */
const lowerEnd = ({ cores, elastic }: Ceiling): Rational => (elastic ? min(cores, elastic.from) : cores);

/** One of those that divide a limit. */
interface Part {
  readonly key: string;
  readonly most: Rational;
  readonly floor: Rational;
}

/** Limits on what is in a limited subject; none where everybody has what is promised to it without them. */
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
    .map((key): Part => {
      const most = min(reachOf(key, within, context) ?? left, left);
      return { key, most, floor: min(within.floors.promised(key), most) };
    });
  const usable = sum(parts.map(({ most }) => most));
  const short = parts.some(
    ({ most, floor }) =>
      compare(floor, ZERO) > 0 && compare(subtract(left, subtract(usable, most)), floor) < 0,
  );
  if (!short || compare(sum(parts.map(({ floor }) => floor)), left) > 0) return [];
  if (areKeptByWeights(ceiling, left, within, context)) return [];
  const cores = divisionOf(left, parts, within.groups.get(ceiling.key) ?? []);
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

/** Guests that a timetable stops at times want their quota in the times that they have; those that are placed, on their cores. */
function areKeptByWeights(
  ceiling: Ceiling,
  left: Rational,
  { promises, weightOf }: Within,
  context: CeilingContext,
): boolean {
  const { demands, population, running } = context;
  const floors = promises.get(ceiling.key) ?? [];
  const isPlain = floors.every(
    ([key, { mechanism }]) =>
      mechanism === 'share' &&
      population.membersOf(key).every((one) => !running?.has(one) && !demands.placements.has(one)),
  );
  const promised = new Map(
    floors.map(([key, { cores }]) => [key, min(cores, vcpusIn(key, context) ?? cores)]),
  );
  return isPlain && isKeptByWeights(ceiling, left, promised, { weightOf, context });
}

function promisesByUnion({ demands, nest }: CeilingContext): Within['promises'] {
  const promises = new Map<string, (readonly [string, Bound])[]>();
  for (const one of demands.floors) {
    for (const around of pathToHost(nest, one[0]).slice(1)) {
      const others = promises.get(around);
      if (others) others.push(one);
      else promises.set(around, [one]);
    }
  }
  return promises;
}

function weightsOf(assignments: readonly ShareAssignment[], { host }: CeilingContext): Within['weightOf'] {
  const weights = new Map(assignments.map((one) => [one.key, one.idle ? 0 : one.weight]));
  return (key) => weights.get(key) ?? host.weights.standard;
}

function divisionOf(
  left: Rational,
  parts: readonly Part[],
  groups: readonly RatioGroup[],
): readonly Rational[] {
  const claims = parts.map(({ key, ...one }) => ({ ...one, proportion: proportionOf(key, groups) }));
  const [only, another] = parts.filter(({ floor }) => compare(floor, ZERO) > 0);
  if (!only || another) return waterFill(left, claims);
  const rest = subtract(left, only.floor);
  const others = waterFill(
    rest,
    claims.filter((_, index) => parts[index] !== only).map((one) => ({ ...one, most: min(one.most, rest) })),
  );
  const place = parts.indexOf(only);
  return [...others.slice(0, place), only.most, ...others.slice(place)];
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
