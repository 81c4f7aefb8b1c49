import type { Diagnostic } from '../../lang/diagnostic.js';
import type { Model } from '../../lang/model.js';
import type { Source } from '../../lang/source.js';
import { effectiveHost } from '../effective-host.js';
import type { Plan } from '../plan.js';
import { type CounterOffer, counterOffers } from './counter-offers.js';
import { type Fit, fitBeside, type Obstacle } from './fit-beside.js';
import { type Held, heldIn } from './held.js';
import { type AdmissionRequest, type Asked, askedBy, readRequest } from './request.js';

/** What a request would get in some modes. */
export interface Granted {
  /** Ids of the modes. */
  readonly modes: readonly string[];
  /** The test that admits all servers of these modes together; none: no server is asked for. */
  readonly test: Extract<Fit, { fits: true }>['test'];
  readonly servers: readonly GrantedServer[];
  /** Servers of the plan that would go to other cores. */
  readonly moved: number;
}

export interface GrantedServer {
  readonly member: number;
  readonly thread: string;
  /** Null: any. */
  readonly core: number | null;
  readonly budgetNs: number;
  readonly periodNs: number;
}

/** Modes in which a request does not fit, and what stands in its way. */
export interface RefusedIn {
  readonly modes: readonly string[];
  readonly example: string | null;
  readonly obstacle: Obstacle;
  /** It is certain that it does not fit; else no placement was found. */
  readonly proof: boolean;
}

export interface AdmissionAnswer {
  readonly admitted: boolean;
  readonly request: { readonly name: string; readonly guests: number; readonly vcpus: number };
  /** Where it fits: all modes of the plan, when it is admitted. */
  readonly granted: readonly Granted[];
  readonly refused: readonly RefusedIn[];
  /** What would be admitted in all modes; none where it is admitted, or where nothing of the kind would be. */
  readonly counterOffers: readonly CounterOffer[];
}

export interface Admitted {
  /** Null: the request has errors. */
  readonly answer: AdmissionAnswer | null;
  /** What is wrong with it as a request; null: what the diagnostics say, or nothing. */
  readonly problem: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Nodes of the exact search for each number that is tried for a counter-offer. */
const OFFER_SEARCH_NODES = 2000;

const NO_SERVER: Fit = { fits: false, obstacle: 'interface', proof: true };

const UNDECLARED = { cores: null, memoryBytes: null, timezone: null, mechanisms: null, place: null };

/**
 * Whether a request would fit beside everything that a plan holds, in all its modes; if not, what would. Pure and exact;
 * the plan is taken to be what its certificate proves (see verifyPlan).
 */
export function admit(plan: Plan, request: Source): Admitted {
  const read = readRequest(request, plan.host);
  const { diagnostics } = read;
  if (!read.ok) return { answer: null, problem: read.problem, diagnostics };
  return { answer: answerTo(read.request, read.asked, plan), problem: null, diagnostics };
}

function answerTo(request: AdmissionRequest, asked: Asked | null, plan: Plan): AdmissionAnswer {
  const host = effectiveHost(plan.host, UNDECLARED);
  const held = distinct(heldIn(plan, host));
  const verdicts = held.map((one) => ({
    held: one,
    fit: asked === null ? NO_SERVER : fitBeside(asked, one, host),
  }));
  const granted = verdicts.flatMap((one) =>
    one.fit.fits && asked ? [grantedIn(one.held, one.fit, asked)] : [],
  );
  const refused = verdicts.flatMap((one) => (one.fit.fits ? [] : [refusedIn(one.held, one.fit)]));
  const admitted = refused.length === 0;
  const admits = (model: Model): boolean => {
    const { asked: other } = askedBy(model, plan.host);
    return other !== null && held.every((one) => fitBeside(other, one, host, OFFER_SEARCH_NODES).fits);
  };
  const { name, guests, vcpus } = request;
  return {
    admitted,
    request: { name, guests, vcpus },
    granted,
    refused,
    counterOffers: admitted ? [] : counterOffers(request, host, admits),
  };
}

/** Schedules that differ in nothing that an admission looks at are one. */
function distinct(all: readonly Held[]): readonly Held[] {
  if (all.length < 2) return all;
  const known = new Map<string, Held>();
  for (const one of all) {
    const { schedule, keep, floors, ceilingCores, memoryBytes, rooms } = one;
    const terms = { keep, floors, ceilingCores, memoryBytes, rooms };
    const key = [
      JSON.stringify([schedule.servers, schedule.timing]),
      JSON.stringify(terms, plainBigint),
    ].join();
    const same = known.get(key);
    known.set(key, same ? { ...same, modes: [...same.modes, ...one.modes] } : one);
  }
  return [...known.values()];
}

const plainBigint = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

function grantedIn(
  { modes }: Held,
  { test, placement, moved }: Extract<Fit, { fits: true }>,
  asked: Asked,
): Granted {
  return {
    modes: modes.map(({ id }) => id),
    test,
    servers: asked.servers.map(({ key, member, thread, budgetNs, periodNs }) => ({
      member,
      thread,
      core: placement.get(key) ?? null,
      budgetNs: Number(budgetNs),
      periodNs: Number(periodNs),
    })),
    moved,
  };
}

const refusedIn = ({ modes }: Held, { obstacle, proof }: Extract<Fit, { fits: false }>): RefusedIn => ({
  modes: modes.map(({ id }) => id),
  example: modes.find(({ example }) => example !== null)?.example ?? null,
  obstacle,
  proof,
});
