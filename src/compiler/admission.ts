import { compare, min, type Rational, subtract, ZERO } from '../support/rational.js';
import { type EffectiveHost, wholeHost } from './effective-host.js';
import { sum } from './exact.js';
import { type GlobalVerdict, globalCores, globalEdf } from './global-edf.js';
import {
  type CoreRoom,
  coreRooms,
  type Placement,
  type PlacementResult,
  type PlacementTerms,
  place,
  placeNear,
} from './placement.js';
import { type ServerDemand, TIMING_KEY } from './server-demand.js';

/** What is to be admitted together: the servers of one schedule, the timing thread's among them where it has one. */
export interface AdmissionCase {
  readonly servers: readonly ServerDemand[];
  readonly keep: Rational;
}

export type Admission =
  | {
      readonly ok: true;
      readonly test: 'partitioned-edf';
      readonly placement: Placement;
      readonly rooms: readonly CoreRoom[];
    }
  | { readonly ok: true; readonly test: 'global-edf'; readonly verdict: GlobalVerdict }
  /** `proof`: it is certain that these servers do not fit. */
  | { readonly ok: false; readonly proof: boolean };

/**
 * Admits each case, all on the same cores where that is possible: one placement of every server at its largest, under
 * the tightest rooms, serves all cases, and no change of mode moves a thread. Else each case by itself, near the last.
 */
export function admitAll(cases: readonly AdmissionCase[], host: EffectiveHost): readonly Admission[] {
  if (!host.facts.cgroup.cpuset) return cases.map((one) => admitGlobally(one, host));
  const terms = placementTerms(host);
  const common = place(largestOf(cases), tightestOf(cases, host), { ...terms, searchNodes: 0 });
  let before: Placement = new Map();
  return cases.map((one) => {
    const rooms = coreRooms(host, one.keep);
    const result: PlacementResult = common.fits ? common : placeNear(one.servers, rooms, before, terms);
    if (!result.fits) return { ok: false, proof: result.proof };
    before = new Map([...before, ...result.placement]);
    return { ok: true, test: 'partitioned-edf', placement: result.placement, rooms };
  });
}

/** A single case; `searchNodes` bounds the exact search. */
export function admitOne(one: AdmissionCase, host: EffectiveHost, searchNodes?: number): Admission {
  if (!host.facts.cgroup.cpuset) return admitGlobally(one, host);
  const rooms = coreRooms(host, one.keep);
  const result = place(one.servers, rooms, { ...placementTerms(host), searchNodes });
  return result.fits
    ? { ok: true, test: 'partitioned-edf', placement: result.placement, rooms }
    : { ok: false, proof: result.proof };
}

/** Where threads cannot be confined to cores. What is kept for the owner is then a rate, not whole cores. */
function admitGlobally({ servers, keep }: AdmissionCase, host: EffectiveHost): Admission {
  const verdict = globalEdf(servers, globalCores(host));
  if (!verdict) return { ok: false, proof: true };
  if (compare(verdict.sum, subtract(wholeHost(host), keep)) > 0) return { ok: false, proof: true };
  return { ok: true, test: 'global-edf', verdict };
}

function largestOf(cases: readonly AdmissionCase[]): readonly ServerDemand[] {
  const largest = new Map<string, ServerDemand>();
  for (const server of cases.flatMap(({ servers }) => servers)) {
    const other = largest.get(server.key);
    const cores = commonCores(server, other);
    const heavier = !other || compare(server.utilisation, other.utilisation) > 0 ? server : other;
    largest.set(server.key, heavier.cores === cores ? heavier : { ...heavier, cores });
  }
  return [...largest.values()];
}

/** On these it may be in all cases; none at all makes the common placement fail, and each case is placed by itself. */
function commonCores(server: ServerDemand, other: ServerDemand | undefined): readonly number[] | null {
  if (!other?.cores) return server.cores;
  return server.cores ? other.cores.filter((core) => server.cores?.includes(core)) : other.cores;
}

function tightestOf(cases: readonly AdmissionCase[], host: EffectiveHost): readonly CoreRoom[] {
  const demanding = cases.filter(({ servers }) => servers.length > 0);
  return demanding
    .map(({ keep }) => coreRooms(host, keep))
    .reduce(
      // INVARIANT: rooms of one host are always in the same order.
      (a, b) => a.map((room, index) => ({ ...room, limit: min(room.limit, b[index]!.limit) })),
      coreRooms(host, ZERO),
    );
}

export const placementTerms = ({ facts, tickNs }: EffectiveHost): PlacementTerms => ({
  tickNs: facts.hrtickDeadline ? 0n : tickNs,
});

export const totalUtilisation = (servers: readonly ServerDemand[]): Rational =>
  sum(servers.map(({ utilisation }) => utilisation));

export const isTiming = ({ key }: ServerDemand): boolean => key === TIMING_KEY;
