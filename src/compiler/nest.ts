import type { Sentence } from '../lang/model.js';
import { reportOverlap } from './demands/overlapping-unions.js';
import { overlap, type Total, unionsWithTotals } from './demands/totals.js';
import type { Findings } from './findings.js';
import type { Population } from './population.js';

/**
 * How subjects contain each other: the host divides its CPU between `owner` and `guests`, guests divide theirs among
 * unions that carry totals or proportions, the remaining classes and `others`. The same in every mode, because
 * moving guests between cgroups is no change of mode.
 */
export interface Nest {
  /** Absent for `host`, the root, and for loose unions. */
  readonly parentOf: ReadonlyMap<string, string>;
  /** Of a loose union the classes in it. */
  readonly childrenOf: ReadonlyMap<string, readonly string[]>;
  /** Unions with limits that overlap others without either containing the other, and so have no place in the nest. */
  readonly loose: ReadonlySet<string>;
}

export const HOST = 'host';

export function buildNest(sentences: readonly Sentence[], population: Population, findings: Findings): Nest {
  const totals = unionsWithTotals(sentences, population);
  const all = nested(totals);
  const chosen = all ? new Set(totals) : choosePlaced(totals, findings);
  const { parents, innermost } = all ?? nested(totals.filter((total) => chosen.has(total))) ?? NOTHING;
  const parentOf = new Map([['owner', HOST], ['guests', HOST], ...parents]);
  for (const key of [...population.classes.keys(), 'others'])
    parentOf.set(key, innermost.get(key) ?? 'guests');
  const loose = totals.filter((total) => !chosen.has(total));
  const childrenOf = new Map(invert(parentOf));
  for (const { key, members } of loose) childrenOf.set(key, [...members]);
  return { parentOf, childrenOf, loose: new Set(loose.map(({ key }) => key)) };
}

interface Nested {
  /** Of each union the smallest one around it. */
  readonly parents: ReadonlyMap<string, string>;
  /** Of each class. */
  readonly innermost: ReadonlyMap<string, string>;
}

const NOTHING: Nested = { parents: new Map(), innermost: new Map() };

/** Larger ones come first, so all classes of the next one are in the same smallest so far; null where they are not. */
function nested(totals: readonly Total[]): Nested | null {
  const parents = new Map<string, string>();
  const innermost = new Map<string, string>();
  for (const { key, members } of totals) {
    const around = new Set([...members].map((member) => innermost.get(member) ?? 'guests'));
    const [parent = 'guests', another] = around;
    if (another !== undefined) return null;
    parents.set(key, parent);
    for (const member of members) innermost.set(member, key);
  }
  return { parents, innermost };
}

/** Those that nest, as many as possible of which nothing else can keep the sentences before the others. */
function choosePlaced(totals: readonly Total[], findings: Findings): ReadonlySet<Total> {
  const chosen = new Set<Total>();
  const rigidFirst = [...totals].sort((a, b) => Number(b.rigid !== null) - Number(a.rigid !== null));
  for (const total of rigidFirst) {
    const other = [...chosen].find(({ members }) => overlap(members, total.members));
    if (other === undefined) chosen.add(total);
    else if (total.rigid) reportOverlap(total, other, findings);
  }
  return chosen;
}

/** From a subject up to, not including, the host. */
export function pathToHost(nest: Nest, key: string): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = key; at !== undefined && at !== HOST; at = nest.parentOf.get(at))
    path.push(at);
  return path;
}

function invert(parentOf: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const [child, parent] of parentOf) {
    const others = children.get(parent);
    if (others) others.push(child);
    else children.set(parent, [child]);
  }
  return children;
}
