import { larger } from '../exact.js';
import { firstWith } from '../first-with.js';
import { groupBy } from '../group-by.js';

/** Servers to be placed on cores, all in one integer unit: an exact bin-packing problem with unequal bins. */
export interface PartitionProblem {
  readonly sizes: readonly bigint[];
  readonly capacities: readonly bigint[];
  /** For each size whether it may go to each of the capacities; null, or absent: to any. */
  readonly allowed?: readonly (readonly boolean[] | null)[];
}

export type PartitionResult =
  | {
      readonly fits: true /** For each size the index of its capacity. */;
      readonly placement: readonly number[];
    }
  /** `proof`: it is certain that no placement exists. */
  | { readonly fits: false; readonly proof: boolean };

/** Above this many servers the exact search is not tried. */
export const EXACT_SEARCH_SERVERS = 24;
const SEARCH_NODES = 50_000;

/**
 * Places every size within the capacities: best-fit decreasing first, because it packs and so leaves whole cores to
 * the owner, then other greedy orders, then branch and bound. On one core the answer is the sum against the capacity.
 */
export function partition(problem: PartitionProblem, searchNodes: number = SEARCH_NODES): PartitionResult {
  const { sizes, capacities } = problem;
  const order = sizes.map((_, index) => index).sort(byDifficulty(problem));
  if (impossible(problem)) return { fits: false, proof: true };
  for (const rule of ['best-fit', 'first-fit', 'worst-fit'] as const) {
    const placement = greedy(order, problem, rule);
    if (placement) return { fits: true, placement };
  }
  if (sizes.length > EXACT_SEARCH_SERVERS) return { fits: false, proof: capacities.length <= 1 };
  return search(order, problem, searchNodes);
}

/** Sums over all capacities, and over those that each confined group of sizes may go to. */
function impossible({ sizes, capacities, allowed = [] }: PartitionProblem): boolean {
  const largestOfAll = capacities.reduce(larger, 0n);
  const largest = (item: number) =>
    allowed[item]
      ? capacities.filter((_, core) => mayGo(allowed, item, core)).reduce(larger, 0n)
      : largestOfAll;
  if (total(sizes) > total(capacities) || sizes.some((size, item) => size > largest(item))) return true;
  const groups = groupBy(sizes.keys(), (item) => allowed[item]?.join() ?? '');
  return [...groups].some(([cores, items]) => {
    const [first] = items;
    if (cores === '' || first === undefined) return false;
    const room = total(capacities.filter((_, core) => mayGo(allowed, first, core)));
    return total(items.map((item) => sizes[item] ?? 0n)) > room;
  });
}

export const mayGo = (
  allowed: NonNullable<PartitionProblem['allowed']>,
  item: number,
  core: number,
): boolean => allowed[item]?.[core] ?? true;

/**
 * Those with the fewest capacities to go to first, then the larger; of equal ones the earlier, so that the same input
 * gives the same placement.
 */
export function byDifficulty({ sizes, capacities, allowed = [] }: PartitionProblem) {
  const choices = sizes.map((_, item) => allowed[item]?.filter(Boolean).length ?? capacities.length);
  return (a: number, b: number): number => {
    const [left, right] = [sizes[a] ?? 0n, sizes[b] ?? 0n];
    const fewer = (choices[a] ?? 0) - (choices[b] ?? 0);
    return fewer !== 0 ? fewer : left > right ? -1 : left < right ? 1 : a - b;
  };
}

type Rule = 'best-fit' | 'first-fit' | 'worst-fit';

function greedy(
  order: readonly number[],
  { sizes, capacities, allowed = [] }: PartitionProblem,
  rule: Rule,
): readonly number[] | null {
  const free = [...capacities];
  const byRoom = free.map((_, core) => core).sort((a, b) => byRoomThenIndex(free, a, b));
  const placement = new Array<number>(sizes.length).fill(-1);
  for (const item of order) {
    const size = sizes[item] ?? 0n;
    const confined = allowed[item];
    const core = confined
      ? chooseAmong(
          rule,
          size,
          free,
          byRoom.filter((one) => confined[one]),
        )
      : choose(rule, size, free, byRoom);
    if (core === undefined || (free[core] ?? 0n) < size) return null;
    byRoom.splice(position(byRoom, free, core), 1);
    free[core] = (free[core] ?? 0n) - size;
    byRoom.splice(position(byRoom, free, core), 0, core);
    placement[item] = core;
  }
  return placement;
}

function choose(
  rule: Rule,
  size: bigint,
  free: readonly bigint[],
  byRoom: readonly number[],
): number | undefined {
  switch (rule) {
    case 'best-fit':
      return byRoom[firstWith(byRoom, (core) => (free[core] ?? 0n) >= size)];
    case 'worst-fit':
      return byRoom.at(-1);
    case 'first-fit': {
      const core = free.findIndex((room) => room >= size);
      return core < 0 ? undefined : core;
    }
  }
}

/** As {@link choose}, of a few capacities in order of their room. */
function chooseAmong(
  rule: Rule,
  size: bigint,
  free: readonly bigint[],
  byRoom: readonly number[],
): number | undefined {
  const fitting = byRoom.filter((core) => (free[core] ?? 0n) >= size);
  if (rule === 'first-fit') return [...fitting].sort((a, b) => a - b)[0];
  return rule === 'best-fit' ? fitting[0] : fitting.at(-1);
}

/** Where a core is, or belongs, among the cores by room. */
const position = (byRoom: readonly number[], free: readonly bigint[], core: number): number =>
  firstWith(byRoom, (other) => byRoomThenIndex(free, other, core) >= 0);

function byRoomThenIndex(free: readonly bigint[], a: number, b: number): number {
  const [left, right] = [free[a] ?? 0n, free[b] ?? 0n];
  return left < right ? -1 : left > right ? 1 : a - b;
}

/**
 * Depth-first, largest first, never into two cores with equal room, and never twice from the same remainder. Cores
 * are alike only where no size is confined to some of them.
 */
function search(
  order: readonly number[],
  { sizes, capacities, allowed = [] }: PartitionProblem,
  mostNodes: number,
): PartitionResult {
  const alike = !allowed.some((one) => one);
  const free = [...capacities];
  const placement = new Array<number>(sizes.length).fill(-1);
  const dead = new Set<string>();
  let nodes = 0;

  const descend = (depth: number): boolean => {
    const item = order[depth];
    if (item === undefined) return true;
    const rooms = alike ? [...free].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : free;
    const state = `${depth}:${rooms.join(',')}`;
    if (dead.has(state) || ++nodes > mostNodes) return false;
    const size = sizes[item] ?? 0n;
    const tried = new Set<bigint>();
    for (let core = 0; core < free.length; core++) {
      const room = free[core] ?? 0n;
      if (room < size || !mayGo(allowed, item, core) || (alike && tried.has(room))) continue;
      tried.add(room);
      free[core] = room - size;
      placement[item] = core;
      if (descend(depth + 1)) return true;
      free[core] = room;
    }
    dead.add(state);
    return false;
  };

  if (descend(0)) return { fits: true, placement };
  return { fits: false, proof: nodes <= mostNodes };
}

const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
