import {
  compare,
  divide,
  floor,
  max,
  multiply,
  type Rational,
  rational,
  subtract,
  toNumber,
  ZERO,
} from '../support/rational.js';
import type { WeightScale } from './effective-host.js';
import { greatestCommonDivisor, larger, leastCommonMultiple, smaller, sum } from './exact.js';

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
}

/** Candidates for each sibling, so that the search takes milliseconds however many there are. */
const WEIGHTS_TRIED = 9000;

/**
 * Whole weights with the least largest relative error to the proportions asked for, such that every floor holds:
 * available · w/Σw ≥ floor, exactly. Null: the floors leave nothing, or no weights of the scale are fine enough.
 */
export function chooseWeights(
  siblings: readonly Sibling[],
  available: Rational,
  scale: WeightScale,
): ChosenWeights | null {
  const parts = targetParts(siblings, available);
  if (parts === null) return null;
  const holds = (weights: readonly bigint[]) => floorsHold(weights, siblings, available);
  const exact = wholeMultiple(parts, scale);
  if (exact && holds(exact)) return { weights: exact.map(Number), relativeError: 0 };
  return nearest(parts, siblings, scale, holds);
}

/** Parts of 1, proportional but for siblings whose floor asks for more (water-filling); null where floors take all. */
function targetParts(siblings: readonly Sibling[], available: Rational): readonly Rational[] | null {
  if (compare(available, ZERO) <= 0) return null;
  const least = siblings.map(({ floor: cores }) => divide(cores, available));
  const raised = new Set<number>();
  for (;;) {
    const free = subtract(rational(1n), sum([...raised].map((index) => least[index] ?? ZERO)));
    const weight = sum(siblings.filter((_, index) => !raised.has(index)).map(({ proportion }) => proportion));
    if (raised.size === siblings.length) return compare(free, ZERO) >= 0 ? normalised(least) : null;
    if (compare(free, ZERO) <= 0) return null;
    const level = divide(free, weight);
    const short = siblings.flatMap(({ proportion }, index) =>
      !raised.has(index) && compare(multiply(proportion, level), least[index] ?? ZERO) < 0 ? [index] : [],
    );
    if (short.length === 0) {
      return siblings.map(({ proportion }, index) =>
        raised.has(index) ? (least[index] ?? ZERO) : multiply(proportion, level),
      );
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

/** Tries sums of weights from the largest down: siblings at their floor are rounded up, the others to the nearest. */
function nearest(
  parts: readonly Rational[],
  siblings: readonly Sibling[],
  scale: WeightScale,
  holds: (weights: readonly bigint[]) => boolean,
): ChosenWeights | null {
  const largest = parts.reduce(max);
  const highest = floor(divide(rational(BigInt(scale.most)), largest));
  const lowest = larger(highest - BigInt(Math.ceil(WEIGHTS_TRIED / parts.length)), 1n);
  let best: ChosenWeights | null = null;
  for (let total = highest; total >= lowest; total--) {
    for (const spare of [0n, 1n, 2n]) {
      const weights = parts.map((part, index) => rounded(part, total, siblings[index], spare, scale));
      const relativeError = errorOf(weights, parts);
      if ((best === null || relativeError < best.relativeError) && holds(weights)) {
        best = { weights: weights.map(Number), relativeError };
      }
    }
  }
  return best;
}

function rounded(
  part: Rational,
  total: bigint,
  sibling: Sibling | undefined,
  spare: bigint,
  scale: WeightScale,
): bigint {
  const promised = sibling !== undefined && compare(sibling.floor, ZERO) > 0;
  const exact = multiply(part, rational(total));
  const weight = promised ? floor(exact) + 1n + spare : floor(exact) + (spare === 0n ? roundUp(exact) : 0n);
  return smaller(larger(weight, BigInt(scale.least)), BigInt(scale.most));
}

const roundUp = ({ num, den }: Rational): bigint => (2n * (num % den) >= den ? 1n : 0n);

function errorOf(weights: readonly bigint[], parts: readonly Rational[]): number {
  const total = Number(weights.reduce((a, b) => a + b));
  // INVARIANT: as many parts as weights. A float will do: this only ranks candidates, floors are checked exactly.
  return Math.max(
    ...weights.map((weight, index) => Math.abs(Number(weight) / total / toNumber(parts[index]!) - 1)),
  );
}

function floorsHold(weights: readonly bigint[], siblings: readonly Sibling[], available: Rational): boolean {
  const total = weights.reduce((a, b) => a + b);
  return siblings.every(
    ({ floor: cores }, index) =>
      compare(multiply(available, rational(weights[index] ?? 0n, total)), cores) >= 0,
  );
}
