import { compare, floor, min, type Rational, subtract, ZERO } from '../../support/rational.js';
import { type EffectiveHost, wholeHost } from '../effective-host.js';
import { sum } from '../exact.js';
import type { CoreFacts } from '../facts.js';
import { type GlobalVerdict, globalCores, globalEdf } from './global-edf.js';
import {
  type CoreRoom,
  coreRooms,
  keepingOrder,
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

/** So many choices of the cores that are kept for the owner are tried; where there are more, a refusal is no proof. */
const MOST_CHOICES = 400;

/**
 * Admits each case, all on the same cores where that is possible: one placement of every server at its largest, under
 * the tightest rooms, serves all cases, and no change of mode moves a thread. Else each case by itself, near the last.
 */
export function admitAll(cases: readonly AdmissionCase[], host: EffectiveHost): readonly Admission[] {
  const [first, another] = cases;
  if (first && !another) return [admitOne(first, host)];
  if (!host.facts.cgroup.cpuset) return cases.map((one) => admitGlobally(one, host));
  const terms = placementTerms(host);
  const largest = largestOf(cases);
  const order = keepingOrder(host, largest);
  const common = place(largest, tightestOf(cases, host, order), { ...terms, searchNodes: 0 });
  let before: Placement = new Map();
  return cases.map((one) => {
    const rooms = coreRooms(host, one.keep, order);
    const result: PlacementResult = common.fits ? common : placeNear(one.servers, rooms, before, terms);
    const admission: Admission = result.fits
      ? { ok: true, test: 'partitioned-edf', placement: result.placement, rooms }
      : admitOnOtherCores(one, host, result.proof, terms);
    if (admission.ok && admission.test === 'partitioned-edf')
      before = new Map([...before, ...admission.placement]);
    return admission;
  });
}

/** A single case; `searchNodes` bounds the exact search. */
export function admitOne(one: AdmissionCase, host: EffectiveHost, searchNodes?: number): Admission {
  if (!host.facts.cgroup.cpuset) return admitGlobally(one, host);
  const terms = { ...placementTerms(host), searchNodes };
  const rooms = coreRooms(host, one.keep, keepingOrder(host, one.servers));
  const result = place(one.servers, rooms, terms);
  return result.fits
    ? { ok: true, test: 'partitioned-edf', placement: result.placement, rooms }
    : admitOnOtherCores(one, host, result.proof, terms);
}

/** Which cores are kept for the owner matters only to servers that may not be on all of them. */
function admitOnOtherCores(
  { servers, keep }: AdmissionCase,
  host: EffectiveHost,
  proof: boolean,
  terms: PlacementTerms,
): Admission {
  const isConfined = servers.some(({ cores }) => cores !== null && cores.length < host.coreCount);
  if (!isConfined || compare(keep, ZERO) <= 0) return { ok: false, proof };
  let [tried, proved] = [0, proof];
  for (const order of keepingChoices(host.cores, Number(floor(keep)))) {
    if (++tried > MOST_CHOICES) return { ok: false, proof: false };
    const rooms = coreRooms(host, keep, order);
    const result = place(servers, rooms, terms);
    if (result.fits) return { ok: true, test: 'partitioned-edf', placement: result.placement, rooms };
    proved &&= result.proof;
  }
  return { ok: false, proof: proved };
}

/** All orders of cores that differ in which are the first `whole`, or in which is the next. */
function* keepingChoices(cores: readonly CoreFacts[], whole: number): Generator<readonly CoreFacts[]> {
  for (const first of subsets(cores, whole)) {
    const others = cores.filter((core) => !first.includes(core));
    if (others.length === 0) yield first;
    for (const next of others) yield [...first, next, ...others.filter((core) => core !== next)];
  }
}

function* subsets<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) yield [];
  else
    for (const [index, item] of items.entries())
      for (const rest of subsets(items.slice(index + 1), size - 1)) yield [item, ...rest];
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

function tightestOf(
  cases: readonly AdmissionCase[],
  host: EffectiveHost,
  order: readonly CoreFacts[],
): readonly CoreRoom[] {
  const demanding = cases.filter(({ servers }) => servers.length > 0);
  return demanding
    .map(({ keep }) => coreRooms(host, keep, order))
    .reduce(
      // INVARIANT: rooms of one host are always in the same order.
      (a, b) => a.map((room, index) => ({ ...room, limit: min(room.limit, b[index]!.limit) })),
      coreRooms(host, ZERO, order),
    );
}

export const placementTerms = ({ facts, tickNs }: EffectiveHost): PlacementTerms => ({
  tickNs: facts.hrtickDeadline ? 0n : tickNs,
});

export const totalUtilisation = (servers: readonly ServerDemand[]): Rational =>
  sum(servers.map(({ utilisation }) => utilisation));

export const isTiming = ({ key }: ServerDemand): boolean => key === TIMING_KEY;
