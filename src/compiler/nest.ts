import type { Sentence } from '../lang/model.js';
import { conflicts } from './catalogue.js';
import { type Findings, pointAt } from './findings.js';
import type { Population } from './population.js';
import { subjectKey } from './subject-key.js';

/**
 * How subjects contain each other: the host divides its CPU between `owner` and `guests`, guests divide theirs among
 * unions that carry totals or proportions, the remaining classes and `others`. The same in every mode, because
 * moving guests between cgroups is no change of mode.
 */
export interface Nest {
  /** Absent for `host`, the root. */
  readonly parentOf: ReadonlyMap<string, string>;
  readonly childrenOf: ReadonlyMap<string, readonly string[]>;
}

export const HOST = 'host';

/** A union with a total or a proportion, and the first sentence that gives it one. */
interface Total {
  readonly key: string;
  readonly members: ReadonlySet<string>;
  readonly first: Sentence;
}

export function buildNest(sentences: readonly Sentence[], population: Population, findings: Findings): Nest {
  const parentOf = new Map([
    ['owner', HOST],
    ['guests', HOST],
  ]);
  const placed: Total[] = [];
  for (const { key, first } of unionsWithTotals(sentences, population)) {
    const members = new Set(population.unions.get(key));
    const total = { key, members, first };
    const overlap = placed.find(
      (other) => intersects(members, other.members) && !contains(other.members, members),
    );
    if (overlap) reportOverlap(total, overlap, findings);
    // Larger unions come first, so the last one that contains this one is the smallest.
    parentOf.set(key, placed.findLast((other) => contains(other.members, members))?.key ?? 'guests');
    placed.push(total);
  }
  for (const key of [...population.classes.keys(), 'others']) {
    parentOf.set(key, placed.findLast(({ members }) => members.has(key))?.key ?? 'guests');
  }
  return { parentOf, childrenOf: invert(parentOf) };
}

/** From a subject up to, not including, the host. */
export function pathToHost(nest: Nest, key: string): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = key; at !== undefined && at !== HOST; at = nest.parentOf.get(at))
    path.push(at);
  return path;
}

function unionsWithTotals(
  sentences: readonly Sentence[],
  population: Population,
): readonly { key: string; first: Sentence }[] {
  const first = new Map<string, Sentence>();
  for (const sentence of sentences) {
    for (const key of keysWithTotals(sentence, population)) {
      if (population.unions.has(key) && !first.has(key)) first.set(key, sentence);
    }
  }
  const size = (key: string) => population.unions.get(key)?.length ?? 0;
  return [...population.unions.keys()]
    .flatMap((key) => {
      const sentence = first.get(key);
      return sentence ? [{ key, first: sentence }] : [];
    })
    .sort((a, b) => size(b.key) - size(a.key));
}

/** Subjects on whose sum a sentence acts. */
function keysWithTotals(sentence: Sentence, population: Population): readonly string[] {
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

function invert(parentOf: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const [child, parent] of parentOf) children.set(parent, [...(children.get(parent) ?? []), child]);
  return children;
}

const contains = (outer: ReadonlySet<string>, inner: ReadonlySet<string>): boolean =>
  [...inner].every((key) => outer.has(key));
const intersects = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  [...a].some((key) => b.has(key));

function reportOverlap(total: Total, other: Total, findings: Findings): void {
  const [first, second] = total.first.index < other.first.index ? [total, other] : [other, total];
  const common = [...first.members].filter((key) => second.members.has(key)).join(', ');
  const { place, related } = pointAt([first.first, second.first], () => `and this is about ${second.key}`);
  findings.add(
    conflicts.overlappingUnions.at(place, { first: first.key, second: second.key, common }, { related }),
  );
}
