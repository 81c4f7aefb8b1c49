import {
  compare,
  divide,
  floor,
  greatestCommonDivisor,
  max,
  multiply,
  type Rational,
  rational,
  subtract,
  toNumber,
  ZERO,
} from '../../support/rational.js';
import type { WeightScale } from '../effective-host.js';
import { larger, leastCommonMultiple, smaller, sum } from '../exact.js';

/** One of several siblings that divide what their parent has. */
export interface Sibling {
  /** In the unit of weights. */
  readonly proportion: Rational;
  /** Cores promised with all siblings backlogged. */
  readonly floor: Rational;
}

export interface ChosenWeights {
  readonly weights: readonly number[];
  /** Largest relative error of a sibling's part against what was asked, floors permitting. */
  readonly relativeError: number;
  /** Floors ask for more than proportions give: all parts are then as these leave them. */
  readonly givesWay: boolean;
}

/** Candidates for each sibling, so that the search takes milliseconds however many there are. */
const WEIGHTS_TRIED = 60_000;

/**
 * Whole weights with the least largest relative error to the proportions asked for, such that every floor holds:
 * available · w/Σw ≥ floor, exactly. Null: the floors leave nothing, or no weights of the scale are fine enough.
 */
export function chooseWeights(
  siblings: readonly Sibling[],
  available: Rational,
  scale: WeightScale,
): ChosenWeights | null {
  const target = targetParts(siblings, available);
  if (target === null) return null;
  const { parts, givesWay } = target;
  const exact = wholeMultiple(parts, scale);
  if (exact && floorsHold(exact, siblings, available))
    return { weights: exact.map(Number), relativeError: 0, givesWay };
  const best = nearest(parts, siblings, available, scale);
  return best && { ...best, givesWay };
}

/** Parts of 1, proportional but for siblings whose floor asks for more (water-filling); null where floors take all. */
function targetParts(
  siblings: readonly Sibling[],
  available: Rational,
): { readonly parts: readonly Rational[]; readonly givesWay: boolean } | null {
  if (compare(available, ZERO) <= 0) return null;
  const least = siblings.map(({ floor: cores }) => divide(cores, available));
  const raised = new Set<number>();
  for (;;) {
    const free = subtract(rational(1n), sum([...raised].map((index) => least[index] ?? ZERO)));
    const weight = sum(siblings.filter((_, index) => !raised.has(index)).map(({ proportion }) => proportion));
    if (raised.size === siblings.length) {
      return compare(free, ZERO) >= 0 ? { parts: normalised(least), givesWay: true } : null;
    }
    if (compare(free, ZERO) <= 0) return null;
    const level = divide(free, weight);
    const short = siblings.flatMap(({ proportion }, index) =>
      !raised.has(index) && compare(multiply(proportion, level), least[index] ?? ZERO) < 0 ? [index] : [],
    );
    if (short.length === 0) {
      const parts = siblings.map(({ proportion }, index) =>
        raised.has(index) ? (least[index] ?? ZERO) : multiply(proportion, level),
      );
      return { parts, givesWay: raised.size > 0 };
    }
    for (const index of short) raised.add(index);
  }
}

function normalised(parts: readonly Rational[]): readonly Rational[] {
  const whole = sum(parts);
  return parts.map((part) => divide(part, whole));
}

/** Integers exactly in these proportions, their mean near the standard weight; null where the scale is too short. */
function wholeMultiple(parts: readonly Rational[], scale: WeightScale): readonly bigint[] | null {
  const unit = leastCommonMultiple(new Set(parts.map(({ den }) => den)));
  const raw = parts.map(({ num, den }) => num * (unit / den));
  const divisor = raw.reduce(greatestCommonDivisor, 0n);
  const primitive = raw.map((value) => value / divisor);
  const [most, least] = [primitive.reduce(larger), primitive.reduce(smaller)];
  const [top, bottom] = [BigInt(scale.most), BigInt(scale.least)];
  if (most > top || least === 0n) return null;
  const total = primitive.reduce((a, b) => a + b);
  const standard = (BigInt(scale.standard) * BigInt(primitive.length) * 2n + total) / (2n * total);
  const factor = smaller(larger(standard, (bottom + least - 1n) / least), top / most);
  return factor > 0n && least * factor >= bottom ? primitive.map((value) => value * factor) : null;
}

/**
 * Tries sums of weights from the largest down and takes the one with the least error that keeps every floor. Candidates are
 * made and ranked in floats; floors are checked exactly.
 */
function nearest(
  parts: readonly Rational[],
  siblings: readonly Sibling[],
  available: Rational,
  scale: WeightScale,
): Omit<ChosenWeights, 'givesWay'> | null {
  const tight = parts.map((part, index) => {
    const promised = siblings[index]?.floor ?? ZERO;
    return compare(promised, ZERO) > 0 && compare(multiply(part, available), promised) === 0;
  });
  const floats = parts.map(toNumber);
  const highest = Number(floor(divide(rational(BigInt(scale.most)), parts.reduce(max))));
  const lowest = Math.max(highest - Math.ceil(WEIGHTS_TRIED / parts.length), 1);
  let best: Omit<ChosenWeights, 'givesWay'> | null = null;
  for (let total = highest; total >= lowest; total--) {
    if (best !== null && !mayBeNearer(floats, tight, total, best.relativeError)) continue;
    const weights = apportion(floats, tight, total, scale);
    if (weights === null) continue;
    const relativeError = errorOf(weights, floats);
    if (best !== null && relativeError >= best.relativeError) continue;
    if (floorsHold(weights.map(BigInt), siblings, available)) best = { weights, relativeError };
  }
  return best;
}

/** False: some part of this sum is further than `error` from every whole number. Most sums end here. */
function mayBeNearer(
  parts: readonly number[],
  tight: readonly boolean[],
  total: number,
  error: number,
): boolean {
  for (let index = 0; index < parts.length; index++) {
    const exact = parts[index]! * total;
    const whole = tight[index] ? Math.ceil(exact - ROUNDING) : Math.round(exact);
    if (Math.abs(whole / exact - 1) >= error) return false;
  }
  return true;
}

/**
 * Whole weights that sum to `total`: siblings at their floor are rounded up, so that theirs is at least their part,
 * and the others share the rest by largest remainders. Null where the rest is too small for them.
 */
function apportion(
  parts: readonly number[],
  tight: readonly boolean[],
  total: number,
  { least, most }: WeightScale,
): readonly number[] | null {
  const exact = parts.map((part) => part * total);
  const weights = exact.map((part, index) =>
    Math.max(tight[index] ? Math.ceil(part - ROUNDING) : Math.floor(part + ROUNDING), least),
  );
  let rest = total - weights.reduce((a, b) => a + b);
  if (rest !== 0) {
    const step = Math.sign(rest);
    // INVARIANT: as many weights as parts.
    const remainder = (index: number) => exact[index]! - weights[index]!;
    const loose = exact.flatMap((_, index) => (tight[index] ? [] : [index]));
    for (const index of loose.sort((a, b) => step * (remainder(b) - remainder(a)) || a - b)) {
      if (rest === 0 || (step < 0 && weights[index]! <= least)) continue;
      weights[index]! += step;
      rest -= step;
    }
  }
  return rest >= 0 && weights.every((weight) => weight <= most) ? weights : null;
}

/** Of a float that ought to be whole. */
const ROUNDING = 1e-9;

function errorOf(weights: readonly number[], parts: readonly number[]): number {
  const total = weights.reduce((a, b) => a + b);
  // INVARIANT: as many parts as weights.
  return Math.max(...weights.map((weight, index) => Math.abs(weight / total / parts[index]! - 1)));
}

function floorsHold(
  weights: readonly bigint[],
  siblings: readonly Sibling[],
  { num, den }: Rational,
): boolean {
  const total = weights.reduce((a, b) => a + b);
  // In whole numbers: this is asked of thousands of candidates.
  return siblings.every(
    ({ floor: cores }, index) => num * (weights[index] ?? 0n) * cores.den >= cores.num * den * total,
  );
}
