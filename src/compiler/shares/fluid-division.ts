import {
  add,
  compare,
  divide,
  max,
  min,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import { sum } from '../exact.js';

/** One of several that divide what there is: in proportion, but never less than a floor nor more than it can use. */
export interface FluidClaim {
  /** Above 0. */
  readonly proportion: Rational;
  /** At most `most`. */
  readonly floor: Rational;
  readonly most: Rational;
}

/** A subject that divides what it has among what is in it; without any of that it takes it itself. */
export interface FluidNode extends FluidClaim {
  readonly key: string;
  readonly children: readonly FluidNode[];
}

/**
 * Generalised processor sharing on a tree (Parekh and Gallager 1993) with floors and ceilings: what each leaf has while all
 * want as much as they can use. A node's floor and ceiling bound the sum below it; floors fit into `available`.
 */
export function divideFluid(available: Rational, nodes: readonly FluidNode[]): ReadonlyMap<string, Rational> {
  const leaves = new Map<string, Rational>();
  const visit = (cores: Rational, siblings: readonly FluidNode[]): void => {
    const parts = waterFill(
      cores,
      siblings.map((one) => ({ ...one, ...reachOf(one) })),
    );
    for (const [index, { key, children }] of siblings.entries()) {
      // INVARIANT: as many parts as siblings.
      if (children.length === 0) leaves.set(key, parts[index]!);
      else visit(parts[index]!, children);
    }
  };
  visit(available, nodes);
  return leaves;
}

/** What is promised in a subject, and what it can use, by itself and by what is in it. */
function reachOf({ floor, most, children }: FluidNode): Pick<FluidClaim, 'floor' | 'most'> {
  if (children.length === 0) return { floor, most };
  const inner = children.map(reachOf);
  return {
    floor: max(floor, sum(inner.map((one) => one.floor))),
    most: min(most, sum(inner.map((one) => one.most))),
  };
}

/**
 * `total` in proportion, except that nobody has less than its floor or more than its ceiling: whoever would is given just
 * that, those first that are more wrong in all, and the others divide what is left. Sums to `total`, or to all ceilings.
 */
export function waterFill(total: Rational, claims: readonly FluidClaim[]): readonly Rational[] {
  const settled = new Map<number, Rational>();
  for (;;) {
    const open = claims.flatMap((claim, index) => (settled.has(index) ? [] : [{ ...claim, index }]));
    if (open.length === 0) break;
    const left = max(subtract(total, sum(settled.values())), ZERO);
    const level = divide(left, sum(open.map(({ proportion }) => proportion)));
    const wanted = open.map((claim) => ({ ...claim, part: multiply(claim.proportion, level) }));
    const low = wanted.filter(({ part, floor }) => compare(part, floor) < 0);
    const high = wanted.filter(({ part, most }) => compare(part, most) > 0);
    if (low.length + high.length === 0) {
      for (const { index, part } of wanted) settled.set(index, part);
      break;
    }
    const short = low.map(({ part, floor }) => subtract(floor, part)).reduce(add, ZERO);
    const over = high.map(({ part, most }) => subtract(part, most)).reduce(add, ZERO);
    if (compare(short, over) >= 0) for (const { index, floor } of low) settled.set(index, floor);
    else for (const { index, most } of high) settled.set(index, most);
  }
  // INVARIANT: everybody is settled.
  return claims.map((_, index) => settled.get(index)!);
}

/** Of a subject of whose proportion nothing is said. */
export const EVEN_PROPORTION = rational(1n);
