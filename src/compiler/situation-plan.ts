import { invariant } from '../support/invariant.js';
import { compare, ZERO } from '../support/rational.js';
import { feasibility } from './catalogue.js';
import { combine } from './demands/combine.js';
import { keepsMoreThanAll } from './demands/kept-amounts.js';
import { checkOverlaps } from './demands/overlapping-unions.js';
import { checkPromises } from './demands/promise-conflicts.js';
import { Findings } from './findings.js';
import type { Situation } from './modes/situation.js';
import { hasTiming, type PlanningContext } from './planning-context.js';
import { isRefusal, type Refused, reportRefused } from './relaxation/report-refused.js';
import type { Trials } from './relaxation/trial.js';
import { type Admission, type AdmissionCase, admitAll, admitOne } from './reservations/admission.js';
import type { RefusedReservation } from './reservations/interface-refusal.js';
import type { ProvedServer } from './reservations/reservation-settings.js';
import { countServers, serversOf, TIMING_KEY, timingServer } from './reservations/server-demand.js';
import {
  type DraftedSchedule,
  draftSchedule,
  type ScheduleDraft,
  type SituationDemands,
} from './schedule-draft.js';
import { admitBesideFloors } from './shares/placed-floors.js';

/** Settings, sentences cited for them, servers, windows and rows of proofs in all schedules: beyond this a plan is hundreds of megabytes. */
export const MOST_ROWS = 1_000_000;
/** Enough to see whether other numbers would help; verdicts are made by the full search. */
const TRIAL_SEARCH_NODES = 2000;

/** What a situation asks for, with what was found wrong with it, and cannot be derived for it. */
interface Draft extends SituationDemands {
  readonly context: PlanningContext;
  readonly refusedReservations: RefusedReservation[];
}

/** What became of a situation. */
export interface Outcome extends SituationDemands {
  readonly context: PlanningContext;
  readonly admission: Admission;
  /** Null: its servers are not admitted. */
  readonly drafted: DraftedSchedule | null;
  /** None: its schedule keeps everything, unless there are errors among the findings of `context`. */
  readonly refusals: readonly Refused[];
}

/** What became of some situations that are planned together. */
export interface Outcomes {
  readonly all: readonly Outcome[];
  /** The one with which all are too large together; those behind it are not planned. Null: they are not. */
  readonly tooLarge: Situation | null;
}

/**
 * Schedules for all situations, each admitted on its own, on the same cores where possible; none for a refused one,
 * and none at all when together they are too large.
 */
export function planSituations(
  situations: readonly Situation[],
  context: PlanningContext,
): readonly ScheduleDraft[] {
  const { all, tooLarge } = outcomesOf(situations, context);
  for (const outcome of all) {
    for (const one of outcome.context.findings.list) if (!isRefusal(one)) context.findings.add(one);
  }
  if (tooLarge) {
    reportTooLarge(tooLarge, context);
    return [];
  }
  reportRefused(
    all.flatMap(({ refusals }) => refusals),
    TRIALS,
    context,
  );
  return all.flatMap(({ drafted }) => drafted?.schedule ?? []);
}

/** What comes of planning all these situations, without a word about it. */
export function outcomesOf(situations: readonly Situation[], context: PlanningContext): Outcomes {
  const { drafts, tooLarge } = draftsOf(situations, context);
  if (tooLarge) return { all: [], tooLarge };
  const admissions = admitDrafts(drafts, context);
  const all: Outcome[] = [];
  const counted = new Set<object>();
  let rows = 0;
  for (const [index, draft] of drafts.entries()) {
    // INVARIANT: one admission for each draft.
    const admission = admissions[index]!;
    const drafted = admission.ok ? scheduleOf(draft, admission) : null;
    all.push({ ...draft, admission, drafted, refusals: refusalsIn(draft, admission, drafted) });
    if (drafted === null) continue;
    rows += rowsOf(drafted.schedule) + rowsOfNew(drafted.schedule.proved, counted);
    if (rows > MOST_ROWS) return { all, tooLarge: draft.situation };
  }
  return { all, tooLarge: null };
}

/** Whether a situation has a schedule, or at least cores for its servers. */
export const TRIALS: Trials = {
  fitsOnCores: (situation, context) => tried(situation, context) !== null,
  isPlannable: (situation, context) => {
    const trial = tried(situation, context);
    return (
      trial !== null &&
      scheduleOf(trial.draft, trial.admission).unkept === null &&
      !trial.draft.context.findings.hasErrors
    );
  },
};

/** Null: something is wrong with what it asks for, or its servers do not fit. */
function tried(situation: Situation, context: PlanningContext) {
  const [draft] = draftsOf([situation], { ...context, isTrial: true }).drafts;
  if (!draft || draft.context.findings.hasErrors) return null;
  const isAlone = draft.servers.length === 0;
  const admission = isAlone
    ? admitTiming(draft, undefined)
    : admitOne(caseOf(draft), context.host, TRIAL_SEARCH_NODES);
  return admission.ok ? { draft, admission } : null;
}

/** None where they have too many servers together. */
function draftsOf(
  situations: readonly Situation[],
  context: PlanningContext,
): { readonly drafts: readonly Draft[]; readonly tooLarge: Situation | null } {
  const drafts: Draft[] = [];
  let count = 0;
  for (const situation of situations) {
    const refusedReservations: RefusedReservation[] = [];
    const timing = hasTiming(situation, context);
    const own = { ...context, timing, findings: new Findings(), refusedReservations };
    checkOverlaps(situation, own);
    const demands = combine(situation, own);
    if (!keepsMoreThanAll(situation, own)) checkPromises({ ...own, demands, situation });
    count += countServers(demands.reservations, context.population);
    if (count > MOST_ROWS) return { drafts: [], tooLarge: situation };
    const servers = serversOf(demands, context.population, context.host);
    drafts.push({ situation, demands, servers, refusedReservations, context: own });
  }
  return { drafts, tooLarge: null };
}

/**
 * The schedule of a draft. Where it leaves a promise unkept, servers may stand in the way that can be elsewhere: the timing
 * thread's own, without guests that have servers, and those on the cores of guests that are placed.
 */
function scheduleOf(draft: Draft, admission: Extract<Admission, { ok: true }>): DraftedSchedule {
  const first = draftSchedule(draft, admission, draft.context);
  if (first.unkept === null) return first;
  const { context, servers } = draft;
  const other =
    servers.length === 0
      ? admitOne({ servers: [], keep: ZERO }, context.host)
      : admitBesideFloors(caseOf(draft), { ...context, ...draft });
  if (!other?.ok) return first;
  const second = draftSchedule(draft, other, { ...context, timing: context.timing && servers.length > 0 });
  return second.unkept === null ? second : first;
}

/**
 * Why a situation has no schedule: what was found wrong with it and numbers may mend; or else that servers, or what is promised
 * beside them, do not fit.
 */
function refusalsIn(draft: Draft, admission: Admission, drafted: DraftedSchedule | null): readonly Refused[] {
  const { situation, refusedReservations } = draft;
  const refusals = draft.context.findings.list.filter(isRefusal);
  if (refusals.length > 0) {
    return refusals.map((diagnostic) => ({
      situation,
      reason: { kind: 'found', diagnostic, refusedReservations },
    }));
  }
  if (!admission.ok) {
    return [{ situation, reason: { kind: 'servers', ...caseOf(draft), proof: admission.proof } }];
  }
  const unkept = drafted?.unkept;
  return unkept ? [{ situation, reason: { kind: 'unkept', unkept } }] : [];
}

function rowsOf({ settings, servers, timetable, proof }: ScheduleDraft): number {
  const shares = proof.shares.reduce((total, { children }) => total + children.length, 0);
  const citations = settings.reduce((total, { because }) => total + because.length, 0);
  return settings.length + citations + servers.length + (timetable?.windows.length ?? 0) + shares;
}

/** Points that prove interfaces, which many schedules have in common: of those not counted before, which now are. */
function rowsOfNew(proved: readonly ProvedServer[], counted: Set<object>): number {
  let rows = 0;
  for (const { interface: one } of proved) {
    if (!counted.has(one)) rows += one.points.length + one.windows.length;
    counted.add(one);
  }
  return rows;
}

function reportTooLarge({ active }: Situation, { findings }: PlanningContext): void {
  const sentence = active[0]?.sentence;
  invariant(sentence, 'without a sentence in force there is nothing to plan');
  findings.add(feasibility.planTooLarge.at(sentence.place, { most: MOST_ROWS }));
}

const caseOf = ({ servers, demands, context }: Draft): AdmissionCase => ({
  servers: context.timing ? [...servers, timingServer(context.host)] : servers,
  keep: demands.keep?.cores ?? ZERO,
});

/** Schedules without a guest's server need no admission; the timing thread then gets its server if there is room. */
function admitDrafts(drafts: readonly Draft[], context: PlanningContext): readonly Admission[] {
  const holding = drafts.filter(({ servers }) => servers.length > 0);
  const admitted = admitAll(holding.map(caseOf), context.host);
  const byDraft = new Map(holding.map((draft, index) => [draft, admitted[index]]));
  const home = admitted.flatMap((one) =>
    one.ok && one.test === 'partitioned-edf' ? (one.placement.get(TIMING_KEY) ?? []) : [],
  )[0];
  return drafts.map((draft) => byDraft.get(draft) ?? admitTiming(draft, home));
}

function admitTiming(draft: Draft, home: number | undefined): Admission {
  const { context } = draft;
  const admission = admitOne(caseOf(draft), context.host);
  if (!admission.ok) return admitOne({ servers: [], keep: ZERO }, context.host);
  if (admission.test === 'global-edf' || home === undefined || !context.timing) return admission;
  const room = admission.rooms.find(({ core }) => core === home);
  const fits = room !== undefined && compare(room.limit, timingServer(context.host).utilisation) >= 0;
  return fits ? { ...admission, placement: new Map([[TIMING_KEY, home]]) } : admission;
}
