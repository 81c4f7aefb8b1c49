import { compare, floor, min, ONE, type Rational, rational, subtract, ZERO } from '../support/rational.js';
import type { EffectiveHost } from './effective-host.js';
import { leastCommonMultiple } from './exact.js';
import { partition } from './partition.js';
import type { ServerDemand } from './server-demand.js';

/** A core and the utilisation that servers may have on it. */
export interface CoreRoom {
  readonly core: number;
  readonly limit: Rational;
}

export type Placement = ReadonlyMap<string, number>;
export type PlacementResult =
  | { readonly fits: true; readonly placement: Placement }
  | { readonly fits: false; readonly proof: boolean };

/**
 * Room for servers while `keep` cores are kept for the owner: the first ⌊keep⌋ cores carry none, one more carries at
 * most 1 − the rest. In the order in which cores are filled: the last first, as interrupts favour the first.
 */
export function coreRooms(host: EffectiveHost, keep: Rational): readonly CoreRoom[] {
  const whole = Number(floor(keep));
  const rest = subtract(keep, rational(BigInt(whole)));
  return host.coreIds
    .map((core, index) => {
      if (index < whole) return { core, limit: ZERO };
      const limit = index === whole ? min(host.deadlineLimit, subtract(ONE, rest)) : host.deadlineLimit;
      return { core, limit };
    })
    .reverse();
}

/** Places servers on cores by exact arithmetic: see {@link partition}. */
export function place(
  servers: readonly ServerDemand[],
  rooms: readonly CoreRoom[],
  searchNodes?: number,
): PlacementResult {
  const scale = commonScale(servers, rooms);
  const result = partition(
    {
      sizes: servers.map(({ utilisation }) => scaled(utilisation, scale)),
      capacities: rooms.map(({ limit }) => scaled(limit, scale)),
      allowed: servers.map(({ cores }) => cores && rooms.map(({ core }) => cores.includes(core))),
    },
    searchNodes,
  );
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
  const result = place(
    moving,
    rooms.map(({ core }) => ({ core, limit: free.get(core) ?? ZERO })),
    0,
  );
  if (!result.fits) return place(servers, rooms);
  return { fits: true, placement: new Map([...staying, ...result.placement]) };
}

function commonScale(servers: readonly ServerDemand[], rooms: readonly CoreRoom[]): bigint {
  return leastCommonMultiple(
    new Set([...servers.map(({ utilisation }) => utilisation.den), ...rooms.map(({ limit }) => limit.den)]),
  );
}

const scaled = ({ num, den }: Rational, scale: bigint): bigint => num * (scale / den);
