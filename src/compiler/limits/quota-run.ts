import {
  compare,
  divide,
  min,
  multiply,
  ONE,
  type Rational,
  rational,
  ZERO,
} from '../../support/rational.js';
import { vcpusIn } from '../demands/promise-conflicts.js';
import { wholeHost } from '../effective-host.js';
import { sum } from '../exact.js';
import { divideFluid } from '../shares/fluid-division.js';
import { fluidTree } from '../shares/fluid-tree.js';
import type { Ceiling, CeilingContext } from './ceilings.js';

/** Of a subject that yields, beside weights of at least 1: it takes what the others leave. */
const NEXT_TO_NOTHING = rational(1n, 1_000_000n);

/** What decides who gets how much of a quota. */
export interface QuotaTerms {
  /** 0: it yields. */
  readonly weightOf: (key: string) => number;
  readonly context: CeilingContext;
}

/**
 * Whether weights keep the promises in a subject while a quota of so many cores holds it back. Whoever runs uses the quota up,
 * and then all wait for the next one; until then the kernel divides by weight what all of them can have of the host. So of the
 * quota each gets the part that it has of that: p(A)/Σp(A), with p the division of A cores by weight, nobody above its vCPUs.
 * As A grows, that part is the same at first, then grows as the others have enough, then shrinks when it has enough
 * itself; so the least of it is at an end: where the quota just suffices, or with the whole host free. A class that wants less
 * than all its vCPUs can use is meant to have what waits spread over them; one thread alone runs for the quota's part of
 * the time.
 */
export function isKeptByWeights(
  { key: limited }: Pick<Ceiling, 'key'>,
  quota: Rational,
  promised: ReadonlyMap<string, Rational>,
  { weightOf, context }: QuotaTerms,
): boolean {
  const hard = [...promised].filter(
    ([key, floor]) => !isPlainlyKept(key, floor, { limited, quota, weightOf, context }),
  );
  if (hard.length === 0) return true;
  const { nest, demands, population, host } = context;
  const nodes = fluidTree(
    {
      takesPart: (key) => !demands.reservations.has(key) && demands.duties.get(key)?.runNs !== 0n,
      proportionOf: (key) => (weightOf(key) === 0 ? NEXT_TO_NOTHING : rational(BigInt(weightOf(key)))),
      floorOf: () => ZERO,
      mostOf: (key) => vcpusIn(key, context) ?? wholeHost(host),
    },
    nest,
    limited,
  );
  return [quota, wholeHost(host)].every((cores) => {
    const parts = divideFluid(cores, nodes);
    const used = sum(parts.values());
    if (compare(used, ZERO) === 0) return true;
    const ofQuota = min(ONE, divide(quota, used));
    return hard.every(([key, floor]) => {
      const own = sum(population.membersOf(key).flatMap((member) => parts.get(member) ?? []));
      return compare(multiply(own, ofQuota), floor) >= 0;
    });
  });
}

interface PlainTerms {
  readonly limited: string;
  readonly quota: Rational;
  readonly weightOf: (key: string) => number;
  readonly context: CeilingContext;
}

/** Without dividing anything: by its part of all weights, and by what its vCPUs use of the quota beside a host that is all used. */
function isPlainlyKept(
  key: string,
  floor: Rational,
  { limited, quota, weightOf, context }: PlainTerms,
): boolean {
  const { nest, host } = context;
  const most = vcpusIn(key, context);
  if (most === null || compare(multiply(quota, most), multiply(floor, wholeHost(host))) < 0) return false;
  let [num, den] = [1n, 1n];
  for (let at = key; at !== limited; ) {
    const parent = nest.parentOf.get(at);
    if (parent === undefined || weightOf(at) === 0) return false;
    const all = (nest.childrenOf.get(parent) ?? []).reduce((total, child) => total + weightOf(child), 0);
    num *= BigInt(weightOf(at));
    den *= BigInt(all);
    at = parent;
  }
  return num * quota.num * floor.den >= floor.num * den * quota.den;
}
