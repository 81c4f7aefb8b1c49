import {
  add,
  ceil,
  compare,
  divide,
  max,
  min,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';
import { sum } from '../exact.js';
import { coreLimit } from './core-limit.js';
import type { ServerDemand } from './server-demand.js';

/** Of one server under global EDF, context switches included in the utilisation. */
export type GlobalServer = Pick<ServerDemand, 'budgetNs' | 'utilisation'>;

/** Cores that threads move between: as many as the slowest, and what servers may use of each. */
export interface GlobalCores {
  readonly cores: number;
  readonly perCore: Rational;
  /** What context switches cost a server in each of its periods. */
  readonly contextSwitchesNs: bigint;
}

/** A thread may be on any core, so that the slowest counts. */
export const globalCores = (host: EffectiveHost): GlobalCores => ({
  cores: host.coreCount,
  perCore: host.cores.map((core) => coreLimit(core, host)).reduce(min),
  contextSwitchesNs: host.contextSwitchesNs,
});

export interface GlobalVerdict {
  readonly test: 'gfb' | 'devi-anderson';
  readonly sum: Rational;
  readonly largest: Rational;
  /** What `sum` may be at most under the named test. */
  readonly limit: Rational;
  /** How late a budget may be complete: 0 under GFB. */
  readonly tardinessNs: bigint;
}

/**
 * Global EDF on cores of which servers may use `perCore` each (taken as cores of that speed).
 * GFB (Goossens, Funk, Baruah 2003): ΣU ≤ c·m − (m − 1)·U_max: no deadline is missed. Otherwise ΣU ≤ c·m: tardiness
 * is bounded (Devi and Anderson 2008). Null: neither. Tests that assume sporadic jobs are not used: a server that
 * blocks and wakes with budget left is none.
 */
export function globalEdf(servers: readonly GlobalServer[], host: GlobalCores): GlobalVerdict | null {
  const { cores, perCore } = host;
  const m = rational(BigInt(cores));
  const total = sum(servers.map(({ utilisation }) => utilisation));
  const largest = servers.reduce((most, { utilisation }) => max(most, utilisation), ZERO);
  const capacity = multiply(m, perCore);
  if (compare(largest, perCore) > 0) return null;
  const limit = subtract(capacity, multiply(subtract(m, ONE), largest));
  if (compare(total, limit) <= 0) return { test: 'gfb', sum: total, largest, limit, tardinessNs: 0n };
  if (compare(total, capacity) > 0) return null;
  const tardinessNs = tardinessBound(servers, host);
  if (tardinessNs === null) return null;
  return { test: 'devi-anderson', sum: total, largest, limit: capacity, tardinessNs };
}

/**
 * Devi and Anderson 2008, theorem 1: x + C_max with x = (the m − 1 largest costs − the least cost) / (m − the m − 2
 * largest utilisations), costs and utilisations scaled to cores of full speed. Rounded up; null: none.
 * `tickNs`: where budgets are enforced at ticks, each cost and each server's demand in any stretch is up to one larger.
 */
export function tardinessBound(
  servers: readonly GlobalServer[],
  { cores, perCore, contextSwitchesNs }: GlobalCores,
  tickNs = 0n,
): bigint | null {
  const costs = servers
    .map(({ budgetNs }) => divide(rational(budgetNs + contextSwitchesNs + tickNs), perCore))
    .sort((a, b) => compare(b, a));
  const utilisations = servers
    .map(({ utilisation }) => divide(utilisation, perCore))
    .sort((a, b) => compare(b, a));
  const [largest, least] = [costs[0], costs.at(-1)];
  if (!largest || !least) return 0n;
  const overruns = divide(rational(tickNs * BigInt(servers.length)), perCore);
  const above = subtract(add(sum(costs.slice(0, cores - 1)), overruns), least);
  const below = subtract(rational(BigInt(cores)), sum(utilisations.slice(0, Math.max(cores - 2, 0))));
  if (compare(below, ZERO) <= 0) return null;
  return ceil(add(max(divide(above, below), ZERO), largest));
}
