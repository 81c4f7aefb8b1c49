import type { Sentence } from '../../lang/model.js';
import type { Population } from '../population.js';
import { subjectKey } from '../subject-key.js';

/** A union with a total or a proportion, and the first sentence that gives it one. */
export interface Total {
  readonly key: string;
  readonly members: ReadonlySet<string>;
  readonly first: Sentence;
  /** A sentence that can only be kept on a cgroup of the union's own. */
  readonly rigid: Sentence | null;
}

/** Larger ones first. */
export function unionsWithTotals(sentences: readonly Sentence[], population: Population): readonly Total[] {
  const first = new Map<string, { readonly first: Sentence; rigid: Sentence | null }>();
  for (const sentence of sentences) {
    for (const key of keysWithTotals(sentence, population)) {
      if (!population.unions.has(key)) continue;
      const total = first.get(key) ?? { first: sentence, rigid: null };
      if (!isDivisible(sentence)) total.rigid ??= sentence;
      first.set(key, total);
    }
  }
  return [...population.unions]
    .flatMap(([key, members]) => {
      const total = first.get(key);
      return total ? [{ key, members: new Set(members), ...total }] : [];
    })
    .sort((a, b) => b.members.size - a.members.size);
}

/** A limit of CPU can be kept on the classes of a union as well. */
function isDivisible(sentence: Sentence): boolean {
  if (sentence.kind !== 'limit') return false;
  const { cpu: _, ...others } = sentence.amounts;
  return Object.values(others).every((amount) => amount === null);
}

/** Subjects on whose sum a sentence acts. */
export function keysWithTotals(sentence: Sentence, population: Population): readonly string[] {
  switch (sentence.kind) {
    case 'limit':
    case 'guarantee':
      return sentence.each ? [] : [subjectKey(sentence.subject)];
    case 'share':
      return sentence.parts.map(({ subject }) => subjectKey(subject));
    case 'share-equally': {
      const key = subjectKey(sentence.subject);
      return [key, ...population.partsOf(key)];
    }
    default:
      return [];
  }
}

/** Something is in both, and neither contains the other. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let common = 0;
  for (const key of small) if (large.has(key)) common++;
  return common > 0 && common < small.size;
}
