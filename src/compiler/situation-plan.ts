import { invariant } from '../support/invariant.js';
import { add, compare, subtract, toNumber, ZERO } from '../support/rational.js';
import { type Admission, type AdmissionCase, admitAll, admitOne, totalUtilisation } from './admission.js';
import { amountSettings } from './amount-settings.js';
import { becauseOf } from './because.js';
import { feasibility } from './catalogue.js';
import { type CeilingContext, ceilingsOf, quotaSettings } from './ceilings.js';
import { reservationProof } from './certificate.js';
import { combine } from './combine.js';
import type { Demands } from './demands.js';
import { fraction } from './exact.js';
import { shareFidelity } from './fidelity.js';
import { type Refused, reportRefused } from './infeasible.js';
import { latenessOf } from './lateness.js';
import { checkOverlaps } from './overlapping-unions.js';
import { unkeptPlacedFloors } from './placed-floors.js';
import { placementSettings, stopSettings } from './placement-settings.js';
import type { Schedule, ScheduleProof, Setting } from './plan.js';
import type { PlanningContext } from './planning-context.js';
import { checkPromises } from './promise-conflicts.js';
import { type ProvedServer, provedServers, reservationSettings } from './reservation-settings.js';
import {
  countServers,
  elevatedCores,
  type ServerDemand,
  serversOf,
  TIMING_KEY,
  timingServer,
} from './server-demand.js';
import { SETTING_MECHANISMS } from './setting-mechanisms.js';
import { planShares, type ShareAssignment, type Unkept } from './shares.js';
import type { Situation } from './situation.js';
import { planDuties } from './timetable/plan-duties.js';

/** A schedule and its proof before they have a name. */
export type ScheduleDraft = Omit<Schedule, 'id'> & {
  readonly proof: Omit<ScheduleProof, 'schedule'>;
  /** They follow from the settings, and many schedules have them in common. */
  readonly proved: readonly ProvedServer[];
};

interface Draft {
  readonly situation: Situation;
  readonly demands: Demands;
  readonly servers: readonly ServerDemand[];
}

/** Settings, sentences cited for them, servers, windows and rows of proofs in all schedules: beyond this a plan is hundreds of megabytes. */
export const MOST_ROWS = 250_000;

/**
 * Schedules for all situations, each admitted on its own, on the same cores where possible; none for a refused one,
 * and none at all when together they are too large.
 */
export function planSituations(
  situations: readonly Situation[],
  context: PlanningContext,
): readonly ScheduleDraft[] {
  const drafts = draftsOf(situations, context);
  if (drafts === null) return [];
  const admissions = admitDrafts(drafts, context);
  const schedules: ScheduleDraft[] = [];
  const refused: Refused[] = [];
  const counted = new Set<object>();
  let rows = 0;
  for (const [index, draft] of drafts.entries()) {
    // INVARIANT: one admission for each draft.
    const admission = admissions[index]!;
    if (!admission.ok) {
      const { situation } = draft;
      refused.push({
        situation,
        admission: { ...caseOf(draft, context), proof: admission.proof },
        unkept: null,
      });
      continue;
    }
    const { schedule, unkept } = scheduleOf(draft, admission, context);
    if (unkept) refused.push({ situation: draft.situation, admission: null, unkept });
    rows += rowsOf(schedule) + rowsOfNew(schedule.proved, counted);
    if (rows > MOST_ROWS) {
      reportTooLarge(draft.situation, context);
      return [];
    }
    schedules.push(schedule);
  }
  reportRefused(refused, context);
  return schedules;
}

function draftsOf(situations: readonly Situation[], context: PlanningContext): readonly Draft[] | null {
  const drafts: Draft[] = [];
  let servers = 0;
  for (const situation of situations) {
    checkOverlaps(situation, context);
    const demands = combine(situation, context);
    checkPromises({ ...context, demands, situation });
    servers += countServers(demands.reservations, context.population);
    if (servers > MOST_ROWS) {
      reportTooLarge(situation, context);
      return null;
    }
    drafts.push({ situation, demands, servers: serversOf(demands, context.population, context.host) });
  }
  return drafts;
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

const caseOf = ({ servers, demands }: Draft, { timing, host }: PlanningContext): AdmissionCase => ({
  servers: timing ? [...servers, timingServer(host)] : servers,
  keep: demands.keep?.cores ?? ZERO,
});

/** Schedules without a guest's server need no admission; the timing thread then gets its server if there is room. */
function admitDrafts(drafts: readonly Draft[], context: PlanningContext): readonly Admission[] {
  const holding = drafts.filter(({ servers }) => servers.length > 0);
  const admitted = admitAll(
    holding.map((draft) => caseOf(draft, context)),
    context.host,
  );
  const byDraft = new Map(holding.map((draft, index) => [draft, admitted[index]]));
  const home = admitted.flatMap((one) =>
    one.ok && one.test === 'partitioned-edf' ? (one.placement.get(TIMING_KEY) ?? []) : [],
  )[0];
  return drafts.map((draft) => byDraft.get(draft) ?? admitTiming(draft, home, context));
}

function admitTiming(draft: Draft, home: number | undefined, context: PlanningContext): Admission {
  const admission = admitOne(caseOf(draft, context), context.host);
  if (!admission.ok) return admitOne({ servers: [], keep: ZERO }, context.host);
  if (admission.test === 'global-edf' || home === undefined || !context.timing) return admission;
  const room = admission.rooms.find(({ core }) => core === home);
  const fits = room !== undefined && compare(room.limit, timingServer(context.host).utilisation) >= 0;
  return fits ? { ...admission, placement: new Map([[TIMING_KEY, home]]) } : admission;
}

function scheduleOf(
  draft: Draft,
  admission: Admission,
  context: PlanningContext,
): { readonly schedule: ScheduleDraft; readonly unkept: Unkept | null } {
  const { servers, situation, demands } = draft;
  const coreOf = (server: ServerDemand): number | null =>
    admission.ok && admission.test === 'partitioned-edf'
      ? (admission.placement.get(server.key) ?? null)
      : null;
  const timing = timingAdmitted(draft, admission, context) ? timingServer(context.host) : null;
  const admitted = timing ? [...servers, timing] : servers;
  const reserved = add(totalUtilisation(admitted), elevatedCores(demands, context.population));
  const inner: CeilingContext = { ...context, situation, demands, reserved, servers };
  const unplaced = context.findings.hasErrors ? null : unkeptPlacedFloors(servers, admission, inner);
  const shares = planShares(inner);
  const ceilings = ceilingsOf(inner);
  // Without servers there is nothing that a thread at real-time priority has to wait for.
  const precise = timing !== null || (context.host.elevates && servers.length === 0);
  const duties = planDuties(ceilings, precise, inner);
  const settings = [
    ...reservationSettings(demands, latenessOf(admitted, admission, context.host), context),
    ...shares.assignments.map((one) => shareSetting(one, context)),
    ...quotaSettings(ceilings, inner),
    ...duties.settings,
    ...placementSettings(inner),
    ...stopSettings(inner),
    ...amountSettings(inner),
  ];
  const schedule: ScheduleDraft = {
    settings: inOrder(settings, context),
    servers: servers.map((server) => ({
      class: server.class,
      member: server.member,
      thread: server.thread,
      core: coreOf(server),
      budgetNs: Number(server.budgetNs),
      periodNs: Number(server.periodNs),
    })),
    timetable: duties.timetable,
    timing: timing && {
      core: coreOf(timing),
      budgetNs: Number(timing.budgetNs),
      periodNs: Number(timing.periodNs),
    },
    proof: {
      keptCores: fraction(demands.keep?.cores ?? ZERO),
      reservations: reservationProof(servers, timing, admission, context.host.coreCount),
      shares: [...shares.proofs],
    },
    proved: provedServers(demands),
  };
  return { schedule, unkept: unplaced ?? shares.unkept ?? duties.unkept };
}

function timingAdmitted({ servers }: Draft, admission: Admission, { timing }: PlanningContext): boolean {
  if (!timing || !admission.ok) return false;
  if (admission.test === 'partitioned-edf') return admission.placement.has(TIMING_KEY);
  const { sum } = admission.verdict;
  return compare(subtract(sum, totalUtilisation(servers)), ZERO) > 0;
}

function shareSetting(assignment: ShareAssignment, { population }: PlanningContext): Setting {
  const { key, weight, nice, floorCores, relativeError, sentences, note, idle } = assignment;
  return {
    class: key,
    subject: population.kindOf(key),
    scope: nice === undefined ? 'sum' : 'each',
    mechanism: 'share',
    weight,
    ...(nice === undefined ? {} : { nice }),
    floorCores: floorCores === null ? null : toNumber(floorCores),
    ...(idle ? { idle: true as const } : {}),
    fidelity: shareFidelity(relativeError, note),
    because: becauseOf(sentences),
  };
}

const MECHANISM_ORDER: readonly Setting['mechanism'][] = SETTING_MECHANISMS;

/** Owner, guests, unions, classes, others; for each by mechanism. */
function inOrder(settings: readonly Setting[], { population }: PlanningContext): Setting[] {
  const subjects = ['owner', 'guests', ...population.unions.keys(), ...population.classes.keys(), 'others'];
  const rank = new Map(subjects.map((key, index) => [key, index]));
  const of = ({ class: name, mechanism }: Setting) =>
    (rank.get(name) ?? 0) * MECHANISM_ORDER.length + MECHANISM_ORDER.indexOf(mechanism);
  return [...settings].sort((a, b) => of(a) - of(b));
}
