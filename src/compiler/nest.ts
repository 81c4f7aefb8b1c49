import type { Sentence } from '../lang/model.js';
import type { Findings } from './findings.js';
import { reportOverlap } from './overlapping-unions.js';
import type { Population } from './population.js';
import { contains, overlap, type Total, unionsWithTotals } from './totals.js';

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
  const parentOf = new Map([
    ['owner', HOST],
    ['guests', HOST],
  ]);
  const totals = unionsWithTotals(sentences, population);
  const chosen = choosePlaced(totals, findings);
  const placed: Total[] = [];
  for (const total of totals) {
    if (!chosen.has(total)) continue;
    // Larger unions come first, so the last one that contains this one is the smallest.
    parentOf.set(
      total.key,
      placed.findLast((other) => contains(other.members, total.members))?.key ?? 'guests',
    );
    placed.push(total);
  }
  for (const key of [...population.classes.keys(), 'others']) {
    parentOf.set(key, placed.findLast(({ members }) => members.has(key))?.key ?? 'guests');
  }
  const loose = totals.filter((total) => !chosen.has(total));
  const childrenOf = new Map(invert(parentOf));
  for (const { key, members } of loose) childrenOf.set(key, [...members]);
  return { parentOf, childrenOf, loose: new Set(loose.map(({ key }) => key)) };
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
  for (const [child, parent] of parentOf) children.set(parent, [...(children.get(parent) ?? []), child]);
  return children;
}
