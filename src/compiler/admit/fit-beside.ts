import {
  add,
  ceil,
  compare,
  divide,
  max,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import { placementTerms, totalUtilisation } from '../admission.js';
import { type EffectiveHost, type WeightScale, wholeHost } from '../effective-host.js';
import { larger, sum } from '../exact.js';
import { globalCores, globalEdf } from '../global-edf.js';
import { EXACT_SEARCH_SERVERS } from '../partition.js';
import { place } from '../placement.js';
import type { ServerDemand } from '../server-demand.js';
import { FOR_THE_OTHERS } from '../share-floors.js';
import { topWeight } from '../top-weight.js';
import type { Held } from './held.js';
import type { Asked } from './request.js';

/** Why a request does not fit beside what a schedule holds. */
export type Obstacle = 'cores' | 'placement' | 'guarantees' | 'ceiling' | 'memory' | 'weights' | 'interface';

export type Fit =
  | {
      readonly fits: true;
      readonly test: 'partitioned-edf' | 'gfb' | 'devi-anderson' | 'none';
      /** Core of each server of the request, by key; none under global EDF. */
      readonly placement: ReadonlyMap<string, number>;
      /** Servers of the plan that have to go to other cores for it. */
      readonly moved: number;
    }
  | { readonly fits: false; readonly obstacle: Obstacle; readonly proof: boolean };

const refused = (obstacle: Obstacle, proof = true): Fit => ({ fits: false, obstacle, proof });

/** Whether a request fits beside what a schedule holds. `searchNodes` bounds the exact search for a placement. */
export function fitBeside(asked: Asked, held: Held, host: EffectiveHost, searchNodes?: number): Fit {
  const reserved = add(held.usedCores, totalUtilisation(asked.servers));
  const obstacle = beyondServers(asked, reserved, held, host);
  if (obstacle !== null) return refused(obstacle);
  const fit = fitServers(asked, held, host, searchNodes);
  if (!fit.fits || weightsSuffice(asked, subtract(wholeHost(host), reserved), held, host)) return fit;
  return refused('weights');
}

function fitServers(asked: Asked, held: Held, host: EffectiveHost, searchNodes: number | undefined): Fit {
  if (asked.servers.length === 0) return { fits: true, test: 'none', placement: new Map(), moved: 0 };
  return host.facts.cgroup.cpuset
    ? fitOnCores(asked.servers, held, host, searchNodes)
    : fitAnywhere(asked.servers, held, host);
}

/** What the plan holds stays where it is; where that leaves no room, and all can be tried, all are placed anew. */
function fitOnCores(
  added: readonly ServerDemand[],
  { servers, placement, rooms, free, usedCores }: Held,
  host: EffectiveHost,
  searchNodes: number | undefined,
): Fit {
  const coresOf = (all: ReadonlyMap<string, number>) =>
    new Map(added.flatMap(({ key }) => (all.has(key) ? [[key, all.get(key) ?? 0] as const] : [])));
  const test = 'partitioned-edf' as const;
  const room = sum(rooms.map(({ limit }) => limit));
  if (compare(add(usedCores, totalUtilisation(added)), room) > 0) return refused('cores');
  const beside = place(added, free, { tickNs: 0n, searchNodes });
  if (beside.fits) return { fits: true, test, placement: coresOf(beside.placement), moved: 0 };
  if (servers.length === 0) return refused('placement', beside.proof);
  if (servers.length + added.length > EXACT_SEARCH_SERVERS) return refused('placement', false);
  const anew = place([...servers, ...added], rooms, { ...placementTerms(host), searchNodes });
  if (!anew.fits) return refused('placement', anew.proof);
  const moved = servers.filter(({ key }) => anew.placement.get(key) !== placement.get(key)).length;
  return { fits: true, test, placement: coresOf(anew.placement), moved };
}

function fitAnywhere(
  added: readonly ServerDemand[],
  { servers, keep, needsGfb }: Held,
  host: EffectiveHost,
): Fit {
  const verdict = globalEdf([...servers, ...added], globalCores(host));
  if (!verdict || (needsGfb && verdict.test !== 'gfb')) return refused('cores');
  if (compare(verdict.sum, subtract(wholeHost(host), keep)) > 0) return refused('cores');
  return { fits: true, test: verdict.test, placement: new Map(), moved: 0 };
}

/** Guarantees, ceilings and memory, with servers that take `reserved` in all. */
function beyondServers(asked: Asked, reserved: Rational, held: Held, host: EffectiveHost): Obstacle | null {
  const { floors, keep, ceilingCores } = held;
  const promised = max(add(floors.promised, asked.floorCores), floors.ofGuests);
  const fair = subtract(wholeHost(host), reserved);
  if (compare(promised, ZERO) > 0 && compare(promised, subtract(fair, keep)) > 0) return 'guarantees';
  const inAll = sum([promised, held.reservedCores, asked.reservedCores]);
  if (ceilingCores !== null && compare(inAll, ceilingCores) > 0) return 'ceiling';
  const memory = add(held.memoryBytes, asked.memoryBytes);
  const beyond = compare(memory, rational(BigInt(host.facts.memoryBytes))) > 0;
  return beyond && compare(asked.memoryBytes, ZERO) > 0 ? 'memory' : null;
}

/** Whether there are whole weights that keep all floors, at the top and among the guests. */
function weightsSuffice(asked: Asked, fair: Rational, { floors, keep }: Held, host: EffectiveHost): boolean {
  if (compare(asked.floorCores, ZERO) === 0 && compare(floors.promised, ZERO) === 0) return true;
  const own = { floor: asked.floorCores };
  // Guests of no class are there as well, in a plan that gathers nobody yet.
  const others = floors.siblings.length > 0 ? floors.siblings : [{ floor: ZERO }];
  const siblings = [...others, own];
  const total = sum(siblings.map(({ floor }) => floor));
  const needed = siblings.some(({ floor }) => compare(floor, ZERO) === 0)
    ? multiply(total, FOR_THE_OTHERS)
    : total;
  const required = max(floors.ofGuests, needed);
  const top = topWeight({ fair, keep, floors: required, idle: false, asked: null }, host);
  return top !== null && someWeights(siblings, top.guestsPart, host.weights);
}

/** Whether whole weights of the scale, adding up to its largest, give every sibling its floor of what there is. */
function someWeights(
  siblings: readonly { readonly floor: Rational }[],
  available: Rational,
  { least, most }: WeightScale,
): boolean {
  if (compare(available, ZERO) <= 0) return false;
  const weights = siblings.map(({ floor }) => {
    const weight = ceil(divide(multiply(floor, rational(BigInt(most))), available));
    return larger(weight, BigInt(least));
  });
  return weights.reduce((a, b) => a + b, 0n) <= BigInt(most);
}
