import { compare, divide, min, multiply, type Rational, rational, ZERO } from '../support/rational.js';
import type { Ceiling, CeilingContext } from './ceilings.js';
import { wholeHost } from './effective-host.js';
import { sum } from './exact.js';
import { divideFluid } from './fluid-division.js';
import { fluidTree } from './fluid-tree.js';
import { vcpusIn } from './promise-conflicts.js';
import type { ShareAssignment } from './shares.js';

/** Of a subject that yields, beside weights of at least 1: it takes what the others leave. */
const NEXT_TO_NOTHING = rational(1n, 1_000_000n);

/** What decides who gets how much of a quota. */
export interface QuotaTerms {
  readonly assignments: readonly ShareAssignment[];
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
  { assignments, context }: QuotaTerms,
): boolean {
  const { nest, demands, population, host } = context;
  const byKey = new Map(assignments.map((one) => [one.key, one]));
  const standard = rational(BigInt(host.weights.standard));
  const nodes = fluidTree(
    {
      takesPart: (key) => !demands.reservations.has(key) && demands.duties.get(key)?.runNs !== 0n,
      proportionOf: (key) => {
        const one = byKey.get(key);
        return one?.idle ? NEXT_TO_NOTHING : one ? rational(BigInt(one.weight)) : standard;
      },
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
    const ofQuota = min(rational(1n), divide(quota, used));
    return [...promised].every(([key, floor]) => {
      const own = sum(population.membersOf(key).flatMap((member) => parts.get(member) ?? []));
      return compare(multiply(own, ofQuota), floor) >= 0;
    });
  });
}
