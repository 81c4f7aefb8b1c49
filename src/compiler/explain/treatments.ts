import type { Truth } from '../plan.js';
import { inOrder } from './contribution.js';
import { orderedCases, type Words } from './mode-words.js';
import type { Contribution, Point, Topic } from './point.js';

/** What does not depend on each other is told by itself. */
export type AspectName = 'cpu' | 'cores' | 'memory' | 'disk' | 'network' | 'budget';

/** One side of what a subject gets, in all modes. */
export interface Aspect {
  readonly name: AspectName;
  /** Told in this order: the first that applies counts. One at least. */
  readonly treatments: readonly Treatment[];
}

/** One way in which a subject is treated, and when. */
export interface Treatment {
  /**
   * Ways in which it comes about, presuming that none of the treatments before this one applies; none: in
   * all other modes. Null: in some of the others, which few words do not tell.
   */
  readonly when: Words;
  /** Indices of the modes. */
  readonly modes: readonly number[];
  /** None: no sentence says anything of it. */
  readonly points: readonly Point[];
}

/** Of some modes: how a subject is treated in each, by index, and the values of the conditions there. */
export interface TreatedModes {
  readonly points: readonly (readonly Point[])[];
  readonly values: readonly (readonly Truth[])[];
  /** Of the conditions. */
  readonly names: readonly string[];
}

const ASPECTS: { readonly [A in AspectName]: readonly Topic[] } = {
  cpu: ['running', 'reservation', 'most', 'least', 'weights'],
  cores: ['placement'],
  memory: ['memory'],
  disk: ['disk'],
  network: ['network'],
  budget: ['budget'],
};

/** Aspects of which anything is said in any mode. */
export function aspectsOf(modes: TreatedModes): readonly Aspect[] {
  return (Object.keys(ASPECTS) as AspectName[]).flatMap((name) => {
    const topics = new Set(ASPECTS[name]);
    // The same points in several modes stay the same list.
    const known = new Map<readonly Point[], readonly Point[]>();
    const points = modes.points.map((all) => {
      const own = known.get(all) ?? all.filter(({ topic }) => topics.has(topic));
      known.set(all, own);
      return own;
    });
    const isSaid = points.some((own) => own.length > 0);
    return isSaid ? [{ name, treatments: treatmentsOf({ ...modes, points }) }] : [];
  });
}

/**
 * Modes in which the same comes out, by the same means, are told together, with the sentences of all of
 * them.
 */
function treatmentsOf({ points, values, names }: TreatedModes): readonly Treatment[] {
  const groups = new Map<string, number[]>();
  const keys = new Map<readonly Point[], string>();
  for (const [mode, own] of points.entries()) {
    const key = keys.get(own) ?? keyOf(own);
    keys.set(own, key);
    const group = groups.get(key);
    if (group) group.push(mode);
    else groups.set(key, [mode]);
  }
  const parts = [...groups.values()];
  return orderedCases(parts, values, names).map(({ part, words }) => {
    const modes = parts[part] ?? [];
    return { when: words, modes, points: together(modes.map((mode) => points[mode] ?? [])) };
  });
}

const keyOf = (points: readonly Point[]): string =>
  JSON.stringify(points.map(({ topic, says, steps, means }) => ({ topic, says, steps, means })));

/** INVARIANT: all have the same points but for the sentences, and for amounts that are not the least. */
function together(all: readonly (readonly Point[])[]): readonly Point[] {
  const distinct = [...new Set(all)];
  const [first = []] = distinct;
  return first.map((point, index) => ({
    ...point,
    from: inOrder(distinct.flatMap((points): readonly Contribution[] => points[index]?.from ?? [])),
    leastOf: [...new Set(distinct.flatMap((points) => points[index]?.leastOf ?? []))],
  }));
}
