import type { Truth } from '../plan.js';

/**
 * Which values each of several conditions may have: one mask a condition, of the bits of {@link bitOf}. A
 * vector of values is in a cube when every value is allowed; {@link ANY} allows all.
 */
export type Cube = readonly number[];

export const ANY = 7;
export const TRUE = 1;
export const FALSE = 2;
export const UNKNOWN = 4;

export const bitOf = (value: Truth): number => (value === 'unknown' ? UNKNOWN : value ? TRUE : FALSE);

/** A vector of values as the cube that only it is in. */
export const cubeOf = (values: readonly Truth[]): Cube => values.map(bitOf);

/** More cubes than this nobody reads. */
const MOST_CUBES = 12;
/**
 * Vectors from which cubes are grown in each round, and how often one is held against a vector of `off`
 * then: seconds in all.
 */
const MOST_SEEDS = 48;
const MOST_STEPS = 400_000;

/**
 * Few cubes, with few conditions each, that hold all vectors of `on` and none of `off`; what is in neither
 * may be in them. Null where few do not suffice. Greedy: of the largest cubes around some vectors the one
 * that holds most of what is left. The same input gives the same cubes. `on` and `off` have no vector in
 * common.
 */
export function coverOf(on: readonly Cube[], off: readonly Cube[]): readonly Cube[] | null {
  const cubes: Cube[] = [];
  const steps = Math.max(off.length * (on[0]?.length ?? 0), 1);
  const seeds = Math.min(Math.max(Math.floor(MOST_STEPS / steps), 4), MOST_SEEDS);
  for (let left = seedsFirst(on); left.length > 0; ) {
    const grown = left.slice(0, seeds).flatMap((seed) => [grow(seed, off, 1), grow(seed, off, -1)]);
    const best = grown.reduce((a, b) => (isBetter(b, a, left) ? b : a));
    cubes.push(best);
    const after = left.filter((vector) => !isIn(vector, best));
    // Later cubes seldom hold more than this one does.
    if (after.length > (left.length - after.length) * (MOST_CUBES - cubes.length)) return null;
    left = after;
  }
  return withoutRedundant(cubes, on);
}

export const isIn = (vector: Cube, cube: Cube): boolean =>
  // INVARIANT: as many masks as values.
  vector.every((bit, index) => (bit & cube[index]!) !== 0);

/** Known values make better words than unknown ones. */
function seedsFirst(on: readonly Cube[]): readonly Cube[] {
  const unknowns = (vector: Cube) => vector.filter((bit) => bit === UNKNOWN).length;
  return [...on].sort((a, b) => unknowns(a) - unknowns(b));
}

/** The conditions that a cube says something about. */
const literals = (cube: Cube): number => cube.filter((mask) => mask !== ANY).length;

function isBetter(a: Cube, b: Cube, left: readonly Cube[]): boolean {
  const count = (cube: Cube) => left.filter((vector) => isIn(vector, cube)).length;
  const difference = count(a) - count(b);
  return difference > 0 || (difference === 0 && literals(a) < literals(b));
}

/** What a value may be widened to, the widest first. */
const WIDER: ReadonlyMap<number, readonly number[]> = new Map([
  [TRUE, [ANY, TRUE | UNKNOWN]],
  [FALSE, [ANY, FALSE | UNKNOWN]],
  [UNKNOWN, [ANY, TRUE | UNKNOWN, FALSE | UNKNOWN]],
]);

/** Widens one condition after the other, as far as no vector of `off` gets in. */
function grow(seed: Cube, off: readonly Cube[], step: 1 | -1): Cube {
  const cube = [...seed];
  // For each vector of `off` by how many conditions it is kept out.
  const keptOut = off.map((vector) => vector.filter((bit, index) => (bit & cube[index]!) === 0).length);
  const order = step === 1 ? [...cube.keys()] : [...cube.keys()].reverse();
  const widen = (index: number, mask: number): boolean => {
    const lets = (vector: Cube) => (vector[index]! & cube[index]!) === 0 && (vector[index]! & mask) !== 0;
    if (off.some((vector, at) => keptOut[at] === 1 && lets(vector))) return false;
    for (const [at, vector] of off.entries()) if (lets(vector)) keptOut[at]!--;
    cube[index] = mask;
    return true;
  };
  for (const index of order) widen(index, ANY);
  for (const index of order) {
    for (const mask of WIDER.get(cube[index]!) ?? []) if (widen(index, mask)) break;
  }
  return cube;
}

function withoutRedundant(cubes: readonly Cube[], on: readonly Cube[]): readonly Cube[] {
  return cubes.reduce<readonly Cube[]>((kept, cube) => {
    const others = kept.filter((one) => one !== cube);
    return on.every((vector) => others.some((other) => isIn(vector, other))) ? others : kept;
  }, cubes);
}
