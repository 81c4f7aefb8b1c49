import { compare, divide, min, rational } from '../../support/rational.js';
import type { Bound } from '../demands/demands.js';
import type { Ceiling, CeilingContext } from './ceilings.js';
import { dividedCeiling } from './divided-ceilings.js';

/**
 * Limits by quota where guests stay in cgroups of their own: a limit on a sum becomes one on each class in it (see
 * {@link dividedCeiling}), and that one on each guest, equally. So the sum holds, and no guest can use what another leaves.
 * Elastic limits on sums are at their lower ends. Guests of no class are left out. Of several on the same guests the least.
 * `shares`: what proportions come to; a limit of classes that all have one is divided by it.
 */
export function scatteredCeilings(
  ceilings: readonly Ceiling[],
  shares: readonly (readonly [string, Bound])[],
  context: CeilingContext,
): readonly Ceiling[] {
  const proportions = new Map<string, Bound>();
  for (const [key, bound] of shares) {
    for (const [member, part] of partsOf(key, bound, context)) {
      const other = proportions.get(member);
      if (!other || compare(part.cores, other.cores) < 0) proportions.set(member, part);
    }
  }
  const scattered = ceilings.flatMap((ceiling) =>
    ceiling.mechanism === 'quota' ? scatter(ceiling, proportions, context) : [ceiling],
  );
  const least = new Map<string, Ceiling>();
  for (const one of scattered) {
    const id = `${one.mechanism} ${one.scope} ${one.elastic === null ? '' : one.elastic.sentence.index} ${one.key}`;
    const other = least.get(id);
    if (!other || compare(one.cores, other.cores) < 0) least.set(id, one);
  }
  return [...least.values()];
}

/** A limit as one of each class in it. */
function partsOf<B extends Bound>(
  key: string,
  bound: B,
  context: CeilingContext,
  proportions: ReadonlyMap<string, Bound> = new Map(),
): readonly (readonly [string, B])[] {
  const { classes } = context.population;
  if (classes.has(key)) return [[key, bound]];
  return [
    ...(dividedCeiling(key, bound, context, { takesPart: (one) => classes.has(one), proportions }) ?? []),
  ];
}

function scatter(
  ceiling: Ceiling,
  proportions: ReadonlyMap<string, Bound>,
  context: CeilingContext,
): readonly Ceiling[] {
  const { classes } = context.population;
  const declared = classes.get(ceiling.key);
  if (ceiling.scope === 'each' || declared?.maxGuests === 1) return declared ? [ceiling] : [];
  const cores = ceiling.elastic === null ? ceiling.cores : min(ceiling.cores, ceiling.elastic.from);
  const plain = { ...ceiling, cores, elastic: null };
  return partsOf(ceiling.key, plain, context, proportions).flatMap(([key, bound]) => {
    const guests = classes.get(key)?.maxGuests;
    if (guests === undefined) return [];
    const each = divide(bound.cores, rational(BigInt(guests)));
    const scope = guests === 1 ? ('sum' as const) : ('each' as const);
    return [
      {
        ...bound,
        key,
        cores: each,
        scope,
        note: 'a part of a limit that there is no common cgroup for',
      },
    ];
  });
}
