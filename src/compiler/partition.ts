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

type Chooser = (size: bigint, free: readonly bigint[]) => number;

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
  for (const choose of [bestFit, firstFit, worstFit]) {
    const placement = greedy(order, sizes, capacities, choose);
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

function greedy(
  order: readonly number[],
  sizes: readonly bigint[],
  capacities: readonly bigint[],
  choose: Chooser,
): readonly number[] | null {
  const free = [...capacities];
  const placement = new Array<number>(sizes.length).fill(-1);
  for (const item of order) {
    const size = sizes[item] ?? 0n;
    const core = choose(size, free);
    if (core < 0) return null;
    free[core] = (free[core] ?? 0n) - size;
    placement[item] = core;
  }
  return placement;
}

const bestFit: Chooser = (size, free) => pick(size, free, (room, best) => room < best);
const worstFit: Chooser = (size, free) => pick(size, free, (room, best) => room > best);
const firstFit: Chooser = (size, free) => free.findIndex((room) => room >= size);

function pick(
  size: bigint,
  free: readonly bigint[],
  better: (room: bigint, best: bigint) => boolean,
): number {
  let chosen = -1;
  free.forEach((room, core) => {
    if (room >= size && (chosen < 0 || better(room, free[chosen] ?? 0n))) chosen = core;
  });
  return chosen;
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
