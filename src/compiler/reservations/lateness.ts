import { divide, floor, multiply, ONE, type Rational, rational, subtract } from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';
import { larger, sum } from '../exact.js';
import type { CoreFacts } from '../facts.js';
import { groupBy } from '../group-by.js';
import type { Admission } from './admission.js';
import { speedOf } from './core-limit.js';
import { globalCores, tardinessBound } from './global-edf.js';
import type { ServerDemand } from './server-demand.js';

/** How late a server may have a budget because of the others that are admitted with it; nanoseconds. */
export type Lateness = (server: Pick<ServerDemand, 'key' | 'periodNs'>) => bigint;

/**
 * Where budgets are enforced at ticks, every other server on a core may run a tick beyond its own before it is stopped. It
 * pays for that later, so that in any stretch of time each of them takes at most one tick more than its rate; what the
 * core has to spare in a period makes that good (docs/analysis.md, "Ticks").
 */
export function latenessOf(
  servers: readonly ServerDemand[],
  admission: Admission,
  host: EffectiveHost,
): Lateness {
  if (!admission.ok) return () => 0n;
  const precise = host.facts.hrtickDeadline;
  if (admission.test === 'global-edf') {
    const lateNs = precise ? admission.verdict.tardinessNs : lateByOverruns(servers, host);
    return () => lateNs;
  }
  if (precise) return () => 0n;
  const { placement } = admission;
  const cores = new Map(
    [...groupBy(servers, ({ key }) => placement.get(key))].map(([core, own]) => [
      core,
      loadOf(
        own,
        host.cores.find(({ id }) => id === core),
      ),
    ]),
  );
  return ({ key, periodNs }) => {
    const load = cores.get(placement.get(key));
    if (!load) return 0n;
    const spare = floor(multiply(load.spare, rational(periodNs)));
    return inWholeMicroseconds(larger(BigInt(load.servers - 1) * host.tickNs - spare, 0n));
  };
}

/** Rounded up: nobody can read more. */
const inWholeMicroseconds = (ns: bigint): bigint => ((ns + 999n) / 1000n) * 1000n;

interface CoreLoad {
  readonly servers: number;
  /** Of the whole core. */
  readonly spare: Rational;
}

const loadOf = (servers: readonly ServerDemand[], core: CoreFacts | undefined): CoreLoad => ({
  servers: servers.length,
  spare: subtract(
    ONE,
    divide(sum(servers.map(({ utilisation }) => utilisation)), core ? speedOf(core) : ONE),
  ),
});

function lateByOverruns(servers: readonly ServerDemand[], host: EffectiveHost): bigint {
  // INVARIANT: what is admitted has a bound.
  return servers.length === 1 ? 0n : tardinessBound(servers, globalCores(host), host.tickNs)!;
}
