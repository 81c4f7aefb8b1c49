import type { Truth } from '../plan.js';
import { inOrder } from './contribution.js';
import { orderedCases, type Words } from './mode-words.js';
import type { Contribution, Point } from './point.js';

/** One way in which a subject is treated, and when. */
export interface Treatment {
  /** Ways in which it comes about, presuming that none of the treatments before this one applies; none: in all other modes. */
  readonly when: Words;
  /** Indices of the modes. */
  readonly modes: readonly number[];
  readonly points: readonly Point[];
}

/** Of some modes: how a subject is treated in each, by index, and the values of the conditions there. */
export interface TreatedModes {
  readonly points: readonly (readonly Point[])[];
  readonly values: readonly (readonly Truth[])[];
  /** Of the conditions. */
  readonly names: readonly string[];
}

/** Modes in which the same comes out, by the same means, are told together, with the sentences of all of them. */
export function treatmentsOf({ points, values, names }: TreatedModes): readonly Treatment[] {
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

/** INVARIANT: all have the same points but for the sentences. */
function together(all: readonly (readonly Point[])[]): readonly Point[] {
  const distinct = [...new Set(all)];
  const [first = []] = distinct;
  return first.map((point, index) => ({
    ...point,
    from: inOrder(distinct.flatMap((points): readonly Contribution[] => points[index]?.from ?? [])),
  }));
}
