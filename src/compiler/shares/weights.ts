import {
  compare,
  divide,
  greatestCommonDivisor,
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
 * Of all sums of weights from the largest down the one with the least error that keeps every floor. Candidates are made and
 * ranked in floats; floors are checked exactly.
 */
function nearest(
  parts: readonly Rational[],
  siblings: readonly Sibling[],
  available: Rational,
  scale: WeightScale,
): Apportioned | null {
  const bounds: Bounds = {
    parts: parts.map(toNumber),
    floors: siblings.map((one) => toNumber(divide(one.floor, available))),
    scale,
  };
  const largest = Math.max(...bounds.parts);
  const nearer = (best: Apportioned | null, total: number): Apportioned | null => {
    const found = apportion(total, best?.relativeError ?? Number.POSITIVE_INFINITY, bounds);
    return found && floorsHold(found.weights.map(BigInt), siblings, available) ? found : best;
  };
  const proportional = Math.max(Math.floor(scale.most / largest), 1);
  let best = nearer(null, proportional);
  // With an error the largest may have less than its part, and the sum be larger.
  const error = Math.min(best?.relativeError ?? 1, 1 - 1 / parts.length);
  const highest = Math.floor(proportional / (1 - error)) + 1;
  const lowest = Math.max(highest - Math.ceil(WEIGHTS_TRIED / parts.length), 1);
  for (let total = highest; total >= lowest; total--) best = nearer(best, total);
  return best;
}

type Apportioned = Omit<ChosenWeights, 'givesWay'>;

interface Bounds {
  readonly parts: readonly number[];
  /** Parts of the whole that are promised. */
  readonly floors: readonly number[];
  readonly scale: WeightScale;
}

/** The least and the most whole weight of a sibling in this sum that is no further from its part than by `error`. */
function range(index: number, total: number, error: number, { parts, floors, scale }: Bounds) {
  // INVARIANT: as many floors as parts.
  const exact = parts[index]! * total;
  const promised = floors[index]! * total;
  return {
    low: Math.max(Math.ceil(exact * (1 - error) - ROUNDING), Math.ceil(promised - ROUNDING), scale.least),
    high: Math.min(Math.floor(exact * (1 + error) + ROUNDING), scale.most),
  };
}

/** Whether some whole weights with this sum are all within this error. Most sums end at one of the first siblings. */
function isWithin(total: number, error: number, bounds: Bounds): boolean {
  let [lows, highs] = [0, 0];
  for (let index = 0; index < bounds.parts.length; index++) {
    const { low, high } = range(index, total, error, bounds);
    if (low > high) return false;
    lows += low;
    highs += high;
  }
  return lows <= total && total <= highs;
}

/** Of whole weights with this sum those whose largest relative error is least; null where that is not below `error`. */
function apportion(total: number, error: number, bounds: Bounds): Apportioned | null {
  const worst = Number.isFinite(error) ? error * (1 - ROUNDING) : worstError(total, bounds);
  if (!isWithin(total, worst, bounds)) return null;
  let [below, reached] = [0, worst];
  if (isWithin(total, 0, bounds)) reached = 0;
  for (let step = 0; step < ERROR_BITS && reached > 0; step++) {
    const middle = (below + reached) / 2;
    if (isWithin(total, middle, bounds)) reached = middle;
    else below = middle;
  }
  const weights = weightsWithin(total, reached, bounds);
  return { weights, relativeError: errorOf(weights, bounds.parts) };
}

/** As far as a weight of the scale can be from its part. */
const worstError = (total: number, { parts, scale }: Bounds): number =>
  Math.max(1, ...parts.map((part) => scale.most / (part * total)));

const ERROR_BITS = 50;

/** The nearest whole weights, then one more or less for those that may have it until the sum is right. */
function weightsWithin(total: number, error: number, bounds: Bounds): readonly number[] {
  const ranges = bounds.parts.map((_, index) => range(index, total, error, bounds));
  const weights = ranges.map(({ low, high }, index) =>
    // INVARIANT: as many ranges as parts.
    Math.min(Math.max(Math.round(bounds.parts[index]! * total), low), high),
  );
  let rest = total - weights.reduce((a, b) => a + b);
  for (const [index, { low, high }] of ranges.entries()) {
    const change = Math.min(Math.max(rest, low - weights[index]!), high - weights[index]!);
    weights[index]! += change;
    rest -= change;
  }
  return weights;
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
