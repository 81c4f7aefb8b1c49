import {
  compare,
  divide,
  floor,
  max,
  min,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';

/** What decides how the guests' tree stands against the owner at the top. All in cores. */
export interface TopDemand {
  /** What reservations leave of the host. */
  readonly fair: Rational;
  readonly keep: Rational;
  /** What the guests' floors need together; 0: none. */
  readonly floors: Rational;
  /** All guests run only when the owner wants no CPU. */
  readonly idle: boolean;
  /** Owner's and guests' proportions from a `share` sentence; null: none. */
  readonly asked: { readonly owner: Rational; readonly guests: Rational } | null;
}

export interface TopWeight {
  /** Of the slice of all guests. */
  readonly weight: number;
  /** Weight with which the owner competes when it wants just what is kept for it; 0: nothing is kept. */
  readonly keepingWeight: number;
  /** Weight of an owner with as much work as the guests' floors are to stand against. */
  readonly contendingWeight: number;
  /** The guests' part against that owner. */
  readonly guestsPart: Rational;
}

/**
 * Weight of the guests' slice. The owner's work competes as single threads (one unit each) or as one slice. An owner
 * who wants k cores has at least k runnable threads, so its floor k holds iff weight ≤ unit·(fair − k); with one slice
 * iff weight ≤ unit·(fair − k)/k. Floors of guests are to hold against an owner with two runnable threads per core
 * (two slices), or against as many as what is kept for the owner lets them.
 * Null: no weight keeps both the owner's floor and the guests'.
 */
export function topWeight(demand: TopDemand, host: EffectiveHost): TopWeight | null {
  const unit = rational(BigInt(host.weights.standard));
  const threads = host.facts.cgroup.ownerAs === 'threads';
  const keeps = compare(demand.keep, ZERO) > 0;
  const spare = max(subtract(demand.fair, demand.keep), ZERO);
  const most = keeps ? multiply(unit, threads ? spare : divide(spare, demand.keep)) : null;
  const busy = multiply(unit, rational(threads ? 2n * BigInt(host.coreCount) : 2n));

  const wanted = demand.idle ? ZERO : wantedWeight(demand, { unit, threads, busy, most }, host);
  const weight = clamp(wanted, host);
  const keepingWeight = keeps ? Math.max(Number(floor(threads ? multiply(unit, demand.keep) : unit)), 1) : 0;
  const contending = contendingWeight(demand, rational(BigInt(weight)), busy);
  if (contending === null || contending < BigInt(keepingWeight)) return null;
  return {
    weight,
    keepingWeight,
    contendingWeight: Number(contending),
    guestsPart: multiply(demand.fair, rational(BigInt(weight), BigInt(weight) + contending)),
  };
}

interface Units {
  readonly unit: Rational;
  readonly threads: boolean;
  readonly busy: Rational;
  readonly most: Rational | null;
}

function wantedWeight(
  { fair, floors, asked }: TopDemand,
  { unit, threads, busy, most }: Units,
  host: EffectiveHost,
): Rational {
  const atLeast = compare(floors, ZERO) > 0 ? standAgainst(busy, fair, floors, host) : ZERO;
  if (asked) {
    const owner = multiply(unit, rational(threads ? BigInt(host.coreCount) : 1n));
    const proportional = max(divide(multiply(owner, asked.guests), asked.owner), atLeast);
    return most === null ? proportional : min(proportional, most);
  }
  return most ?? max(atLeast, unit);
}

/** The weight that gives the guests, against a busy owner, their floors and half of what is promised to nobody. */
function standAgainst(busy: Rational, fair: Rational, floors: Rational, host: EffectiveHost): Rational {
  const rest = divide(subtract(fair, floors), rational(2n));
  if (compare(rest, ZERO) <= 0) return rational(BigInt(host.weights.most));
  return divide(multiply(busy, subtract(fair, rest)), rest);
}

/** The busiest owner, up to the reference, against whom the guests' floors hold. */
function contendingWeight({ fair, floors }: TopDemand, weight: Rational, busy: Rational): bigint | null {
  if (compare(floors, ZERO) <= 0) return floor(busy);
  if (compare(floors, fair) > 0) return null;
  return floor(min(busy, divide(multiply(weight, subtract(fair, floors)), floors)));
}

function clamp(weight: Rational, { weights }: EffectiveHost): number {
  const whole = floor(weight);
  if (whole < BigInt(weights.least)) return weights.least;
  return whole > BigInt(weights.most) ? weights.most : Number(whole);
}
