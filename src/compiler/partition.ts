import { larger } from './exact.js';

/** Servers to be placed on cores, all in one integer unit: an exact bin-packing problem with unequal bins. */
export interface PartitionProblem {
  readonly sizes: readonly bigint[];
  readonly capacities: readonly bigint[];
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
export function partition(
  { sizes, capacities }: PartitionProblem,
  searchNodes: number = SEARCH_NODES,
): PartitionResult {
  const order = sizes.map((_, index) => index).sort((a, b) => descending(sizes, a, b));
  if (impossible(sizes, capacities)) return { fits: false, proof: true };
  for (const rule of ['best-fit', 'first-fit', 'worst-fit'] as const) {
    const placement = greedy(order, sizes, capacities, rule);
    if (placement) return { fits: true, placement };
  }
  if (sizes.length > EXACT_SEARCH_SERVERS) return { fits: false, proof: capacities.length <= 1 };
  return search(order, sizes, capacities, searchNodes);
}

function impossible(sizes: readonly bigint[], capacities: readonly bigint[]): boolean {
  const largest = capacities.reduce(larger, 0n);
  return total(sizes) > total(capacities) || sizes.some((size) => size > largest);
}

/** Larger first; of equal ones the earlier, so that the same input gives the same placement. */
function descending(sizes: readonly bigint[], a: number, b: number): number {
  const [left, right] = [sizes[a] ?? 0n, sizes[b] ?? 0n];
  return left > right ? -1 : left < right ? 1 : a - b;
}

type Rule = 'best-fit' | 'first-fit' | 'worst-fit';

function greedy(
  order: readonly number[],
  sizes: readonly bigint[],
  capacities: readonly bigint[],
  rule: Rule,
): readonly number[] | null {
  const free = [...capacities];
  const byRoom = free.map((_, core) => core).sort((a, b) => byRoomThenIndex(free, a, b));
  const placement = new Array<number>(sizes.length).fill(-1);
  for (const item of order) {
    const size = sizes[item] ?? 0n;
    const core = choose(rule, size, free, byRoom);
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

/** Where a core is, or belongs, among the cores by room. */
const position = (byRoom: readonly number[], free: readonly bigint[], core: number): number =>
  firstWith(byRoom, (other) => byRoomThenIndex(free, other, core) >= 0);

function byRoomThenIndex(free: readonly bigint[], a: number, b: number): number {
  const [left, right] = [free[a] ?? 0n, free[b] ?? 0n];
  return left < right ? -1 : left > right ? 1 : a - b;
}

/** Bisection for the first element of which `holds` is true; it is true of all behind that one. */
function firstWith(sorted: readonly number[], holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    // INVARIANT: the middle is below the length.
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Depth-first, largest first, never into two cores with equal room, and never twice from the same remainder. */
function search(
  order: readonly number[],
  sizes: readonly bigint[],
  capacities: readonly bigint[],
  mostNodes: number,
): PartitionResult {
  const free = [...capacities];
  const placement = new Array<number>(sizes.length).fill(-1);
  const dead = new Set<string>();
  let nodes = 0;

  const descend = (depth: number): boolean => {
    const item = order[depth];
    if (item === undefined) return true;
    const state = `${depth}:${[...free].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(',')}`;
    if (dead.has(state) || ++nodes > mostNodes) return false;
    const size = sizes[item] ?? 0n;
    const tried = new Set<bigint>();
    for (let core = 0; core < free.length; core++) {
      const room = free[core] ?? 0n;
      if (room < size || tried.has(room)) continue;
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
