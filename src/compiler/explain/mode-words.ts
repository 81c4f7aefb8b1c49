import type { Truth } from '../plan.js';
import { ANY, bitOf, type Cube, coverOf, cubeOf, FALSE, TRUE, UNKNOWN } from './cover.js';

/** A condition in words: of those that are told together each has its own. */
export type ConditionNames = readonly string[];

/** Ways in which it comes about, each a conjunction in words; none: always. Null: too many to tell. */
export type Words = readonly string[] | null;

/**
 * In which of all modes something is so, in words: "office and not (busy or rush)". Exact: every mode of
 * `on`, and no other of `all`, is described by one of them. `on` are indices into `all`.
 */
export function modeWords(
  on: readonly number[],
  all: readonly (readonly Truth[])[],
  names: ConditionNames,
): Words {
  const inside = new Set(on);
  if (inside.size === all.length) return [];
  const vectors = all.map(cubeOf);
  const cubes = coverOf(
    distinct(vectors.filter((_, index) => inside.has(index))),
    distinct(vectors.filter((_, index) => !inside.has(index))),
  );
  return cubes?.map((cube) => cubeText(cube, names, possible(all))) ?? null;
}

function distinct(vectors: readonly Cube[]): readonly Cube[] {
  return [...new Map(vectors.map((vector) => [vector.join(''), vector])).values()];
}

/** Values that each condition has anywhere. */
function possible(all: readonly (readonly Truth[])[]): readonly number[] {
  const masks: number[] = (all[0] ?? []).map(() => 0);
  // INVARIANT: all vectors are of one length.
  for (const values of all) for (const [index, value] of values.entries()) masks[index]! |= bitOf(value);
  return masks;
}

/** One of a list of cases, told in an order in which each may presume that none before it applies. */
export interface OrderedCase {
  /** Index of the part. */
  readonly part: number;
  /**
   * Empty: in all other modes; of a single part, always. Null: in some of the others, which few words do not
   * tell.
   */
  readonly words: Words;
}

/**
 * Modes are divided into parts; the order is one in which they are quickly told. `parts` are indices into
 * `all`.
 */
export function orderedCases(
  parts: readonly (readonly number[])[],
  all: readonly (readonly Truth[])[],
  names: ConditionNames,
): readonly OrderedCase[] {
  const vectors = all.map(cubeOf);
  const masks = possible(all);
  const coverAgainst = (part: number, others: readonly number[]): readonly Cube[] | null => {
    const of = (indices: readonly number[]) => distinct(indices.map((index) => vectors[index]!));
    return coverOf(of(parts[part] ?? []), of(others.flatMap((other) => parts[other] ?? [])));
  };
  const without = (part: number, among: readonly number[]) => among.filter((other) => other !== part);
  const byCost = (among: readonly number[], others: readonly number[]): readonly number[] => {
    const costs = new Map(
      among.map((part) => [part, costOf(coverAgainst(part, [...without(part, among), ...others]))]),
    );
    return [...among].sort((a, b) => costs.get(a)! - costs.get(b)!);
  };
  const bySize = parts.map((_, part) => part).sort((a, b) => parts[b]!.length - parts[a]!.length || a - b);
  const untold = bySize.slice(MOST_TOLD);
  const cases: OrderedCase[] = [];
  for (
    let left = byCost(
      [...bySize.slice(0, MOST_TOLD)].sort((a, b) => a - b),
      untold,
    );
    left.length > 0;
  ) {
    // What is told already need not be kept out, so what is left may be shorter to tell now.
    const [part = 0, ...later] = left.length <= MOST_REORDERED ? byCost(left, untold) : left;
    const others = [...later, ...untold];
    const cubes = others.length === 0 ? [] : coverAgainst(part, others);
    if (cubes === null) untold.push(part);
    else cases.push({ part, words: cubes.map((cube) => cubeText(cube, names, masks)) });
    left = later;
  }
  return [...cases, ...untold.map((part) => ({ part, words: untold.length === 1 ? [] : null }))];
}

/** Of more parts than this the order is found once. */
const MOST_REORDERED = 8;
/** More parts than this, the largest, nobody reads; words for all of them would take long to find. */
const MOST_TOLD = 48;

/** How much there is to read, and to turn round in the head. */
function costOf(cubes: readonly Cube[] | null): number {
  if (cubes === null) return Number.POSITIVE_INFINITY;
  const costs: readonly number[] = cubes
    .flat()
    .map((mask) => (mask === ANY ? 0 : (mask & TRUE) === 0 ? 2 : 1));
  return costs.reduce((total, cost) => total + cost, cubes.length);
}

function cubeText(cube: Cube, names: ConditionNames, masks: readonly number[]): string {
  const parts = cube.flatMap((mask, index) => {
    const [allowed, all] = [mask & masks[index]!, masks[index]!];
    return allowed === all ? [] : [literalText(names[index]!, allowed)];
  });
  // A disjunction by itself needs no parentheses.
  const [only = ''] = parts;
  return parts.length === 1 && /^\([^()]*\)$/.test(only) ? only.slice(1, -1) : parts.join(' and ');
}

/** "office", "not (busy or rush)", "hot (or unknown)". */
function literalText(name: string, allowed: number): string {
  const isOne = /^(?:old|new):\(.*\)$/.test(name) || !/\s(?:or|and|except|assuming)\s|^not\s/.test(name);
  const shown = isOne ? name : `(${name})`;
  if (allowed === UNKNOWN) return `${shown} unknown`;
  if (allowed === (TRUE | FALSE)) return `${shown} known`;
  const text = (allowed & FALSE) !== 0 ? `not ${shown}` : shown;
  return (allowed & UNKNOWN) === 0 ? text : `${text} (or unknown)`;
}
