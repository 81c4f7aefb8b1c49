import {
  add,
  compare,
  floor,
  min,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';
import { leastCommonMultiple } from '../exact.js';
import type { CoreFacts } from '../facts.js';
import { coreLimit, speedOf } from './core-limit.js';
import { partition } from './partition.js';
import { morePunctual } from './punctual-packing.js';
import type { ServerDemand } from './server-demand.js';

/** A core and the utilisation that servers may have on it, in cores of full speed. */
export interface CoreRoom {
  readonly core: number;
  readonly limit: Rational;
  /** Of the whole core: what `limit` is a part of. */
  readonly speed: Rational;
}

export type Placement = ReadonlyMap<string, number>;
export type PlacementResult =
  | { readonly fits: true; readonly placement: Placement }
  | { readonly fits: false; readonly proof: boolean };

/** How to place. */
export interface PlacementTerms {
  /** Budgets are enforced at ticks of this length; 0: exactly. */
  readonly tickNs: bigint;
  /** Of the exact search; absent: the default. */
  readonly searchNodes?: number | undefined;
}

/**
 * Room for servers while `keep` cores are kept for the owner: the first ⌊keep⌋ cores in this order carry none, one more carries
 * at most 1 − the rest. The last one comes first, as cores are filled.
 */
export function coreRooms(
  host: EffectiveHost,
  keep: Rational,
  order: readonly CoreFacts[] = keepingOrder(host, []),
): readonly CoreRoom[] {
  const whole = Number(floor(keep));
  const rest = subtract(keep, rational(BigInt(whole)));
  return order
    .map((core, index) => {
      const speed = speedOf(core);
      if (index < whole) return { core: core.id, limit: ZERO, speed };
      const most = coreLimit(core, host);
      const limit = index === whole ? min(most, multiply(speed, subtract(ONE, rest))) : most;
      return { core: core.id, limit, speed };
    })
    .reverse();
}

/**
 * Cores in the order in which they are kept for the owner: those that confined servers have the least claim to first, then the
 * first, as interrupts favour them, and both hyperthreads of a core one after the other, so that whole cores are kept.
 */
export function keepingOrder(host: EffectiveHost, servers: readonly ServerDemand[]): readonly CoreFacts[] {
  const claims = new Map<number, Rational>();
  for (const { cores, utilisation } of servers) {
    if (cores === null || cores.length === 0 || cores.length >= host.coreCount) continue;
    const each = multiply(utilisation, rational(1n, BigInt(cores.length)));
    for (const core of cores) claims.set(core, add(claims.get(core) ?? ZERO, each));
  }
  const claimOf = ({ id }: CoreFacts) => claims.get(id) ?? ZERO;
  return [...host.cores].sort(
    (a, b) => compare(claimOf(a), claimOf(b)) || a.sibling - b.sibling || a.id - b.id,
  );
}

/**
 * Places servers on cores by exact arithmetic: see {@link partition}; where budgets are enforced at ticks, and more of them
 * are kept on time if they are spread out, see {@link morePunctual}.
 */
export function place(
  servers: readonly ServerDemand[],
  rooms: readonly CoreRoom[],
  { tickNs, searchNodes }: PlacementTerms,
): PlacementResult {
  const scale = commonScale(servers, rooms);
  const problem = {
    sizes: servers.map(({ utilisation }) => scaled(utilisation, scale)),
    capacities: rooms.map(({ limit }) => scaled(limit, scale)),
    allowed: servers.map(({ cores }) => cores && rooms.map(({ core }) => cores.includes(core))),
  };
  const packed = partition(problem, searchNodes);
  const wholes = rooms.map(({ speed }) => scaled(speed, scale));
  const result = morePunctual(packed, problem, { servers, tickNs, wholes });
  if (!result.fits) return result;
  // INVARIANT: a placement has one index of a capacity for each size.
  const placement = new Map(servers.map(({ key }, index) => [key, rooms[result.placement[index]!]!.core]));
  return { fits: true, placement };
}

/** As {@link place}, but a server stays on the core it had where that leaves room for all. */
export function placeNear(
  servers: readonly ServerDemand[],
  rooms: readonly CoreRoom[],
  before: Placement,
  terms: PlacementTerms,
): PlacementResult {
  const free = new Map(rooms.map(({ core, limit }) => [core, limit]));
  const staying = new Map<string, number>();
  for (const { key, utilisation, cores } of servers) {
    const core = before.get(key);
    if (core !== undefined && cores && !cores.includes(core)) continue;
    const room = core === undefined ? undefined : free.get(core);
    if (core === undefined || room === undefined || compare(utilisation, room) > 0) continue;
    free.set(core, subtract(room, utilisation));
    staying.set(key, core);
  }
  const moving = servers.filter(({ key }) => !staying.has(key));
  const left = rooms.map((room) => ({ ...room, limit: free.get(room.core) ?? ZERO }));
  // What stays counts for whether a budget is late, and is not seen here: so the movers are only packed.
  const result = place(moving, left, { tickNs: 0n, searchNodes: 0 });
  if (!result.fits) return place(servers, rooms, terms);
  return { fits: true, placement: new Map([...staying, ...result.placement]) };
}

function commonScale(servers: readonly ServerDemand[], rooms: readonly CoreRoom[]): bigint {
  return leastCommonMultiple(
    new Set([
      ...servers.map(({ utilisation }) => utilisation.den),
      ...rooms.flatMap(({ limit, speed }) => [limit.den, speed.den]),
    ]),
  );
}

const scaled = ({ num, den }: Rational, scale: bigint): bigint => num * (scale / den);
