import { smaller } from '../exact.js';
import { byDifficulty, mayGo, type PartitionProblem, type PartitionResult } from './partition.js';
import type { ServerDemand } from './server-demand.js';

/** What decides whether servers delay each other. */
export interface Punctuality {
  readonly servers: readonly ServerDemand[];
  /** Budgets are enforced at ticks of this length; 0: exactly, and nothing is ever late. */
  readonly tickNs: bigint;
  /** Each core as a whole, in the unit of the sizes. */
  readonly wholes: readonly bigint[];
}

interface Core {
  /** All in the unit of the sizes: the core, what no server takes of it, and what of that servers may have. */
  readonly whole: bigint;
  readonly spare: bigint;
  readonly free: bigint;
  readonly servers: number;
  /** Of the servers on it that can be kept exactly; null: there is none. */
  readonly shortestNs: bigint | null;
}

/**
 * A placement in which fewer budgets that could be kept exactly, those of two ticks and more on vCPUs, may be late because
 * the other servers on their core overrun theirs until a tick; the given one where there is none.
 */
export function morePunctual(
  packed: PartitionResult,
  problem: PartitionProblem,
  { servers, tickNs, wholes }: Punctuality,
): PartitionResult {
  const exact = servers.map(({ thread, budgetNs }) => thread !== 'main' && budgetNs >= 2n * tickNs);
  if (tickNs === 0n || !exact.includes(true)) return packed;
  const given = packed.fits ? late(packed.placement) : Number.POSITIVE_INFINITY;
  if (given === 0) return packed;
  const spread = packPunctually();
  return spread && late(spread) < given ? { fits: true, placement: spread } : packed;

  /** Best fit decreasing among the cores on which nothing becomes late; among all where there is none. Null: no room. */
  function packPunctually(): readonly number[] | null {
    const { sizes, capacities, allowed = [] } = problem;
    const cores = capacities.map((free, core) => emptyCore(free, core));
    const placement = new Array<number>(sizes.length).fill(-1);
    const order = sizes.map((_, item) => item).sort(byDifficulty(problem));
    for (const item of order) {
      const size = sizes[item] ?? 0n;
      let best: { readonly index: number; readonly after: Core; readonly punctual: boolean } | null = null;
      for (const [index, core] of cores.entries()) {
        if (core.free < size || !mayGo(allowed, item, index)) continue;
        const after = withItem(core, item);
        const punctual = isPunctual(after, tickNs);
        const better = punctual === best?.punctual ? after.free < best.after.free : punctual || best === null;
        if (better) best = { index, after, punctual };
      }
      if (best === null) return null;
      cores[best.index] = best.after;
      placement[item] = best.index;
    }
    return placement;
  }

  /** How many of the budgets that could be kept exactly may be late. */
  function late(placement: readonly number[]): number {
    const cores = problem.capacities.map((free, core) =>
      placement.reduce((at, on, item) => (on === core ? withItem(at, item) : at), emptyCore(free, core)),
    );
    return placement.filter((on, item) => {
      const core = cores[on];
      return (
        exact[item] && core && !isPunctual({ ...core, shortestNs: servers[item]?.periodNs ?? null }, tickNs)
      );
    }).length;
  }

  function emptyCore(free: bigint, core: number): Core {
    const whole = wholes[core] ?? 0n;
    return { whole, spare: whole, free, servers: 0, shortestNs: null };
  }

  function withItem(core: Core, item: number): Core {
    const server = servers[item];
    return withServer(core, problem.sizes[item] ?? 0n, exact[item] && server ? server.periodNs : null);
  }
}

function withServer(core: Core, size: bigint, periodNs: bigint | null): Core {
  const shortest = core.shortestNs === null ? periodNs : core.shortestNs;
  return {
    whole: core.whole,
    spare: core.spare - size,
    free: core.free - size,
    servers: core.servers + 1,
    shortestNs: shortest !== null && periodNs !== null ? smaller(shortest, periodNs) : shortest,
  };
}

const isPunctual = ({ servers, whole, spare, shortestNs }: Core, tickNs: bigint): boolean =>
  shortestNs === null || BigInt(servers - 1) * tickNs * whole <= spare * shortestNs;
