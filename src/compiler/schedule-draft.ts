import { add, compare, rational, subtract, toNumber, ZERO } from '../support/rational.js';
import { becauseOf } from './because.js';
import { reservationProof } from './certificate.js';
import { amountSettings } from './demands/amount-settings.js';
import type { Demands } from './demands/demands.js';
import { fraction } from './exact.js';
import { shareFidelity } from './fidelity.js';
import { type CeilingContext, ceilingsOf, quotaSettings } from './limits/ceilings.js';
import { withPromisesKept } from './limits/promised-ceilings.js';
import type { Situation } from './modes/situation.js';
import type { Schedule, ScheduleProof, Setting } from './plan.js';
import type { PlanningContext } from './planning-context.js';
import { type Admission, totalUtilisation } from './reservations/admission.js';
import { latenessOf } from './reservations/lateness.js';
import { placementSettings, stopSettings } from './reservations/placement-settings.js';
import {
  type ProvedServer,
  provedServers,
  reservationSettings,
} from './reservations/reservation-settings.js';
import { elevatedCores, type ServerDemand, TIMING_KEY, timingServer } from './reservations/server-demand.js';
import { SETTING_MECHANISMS } from './setting-mechanisms.js';
import { unkeptPlacedFloors } from './shares/placed-floors.js';
import type { RunningRates } from './shares/share-floors.js';
import { planShares, type ShareAssignment, type Unkept } from './shares/shares.js';
import { planDuties } from './timetable/plan-duties.js';

/** What a situation asks for, before anything is admitted. */
export interface SituationDemands {
  readonly situation: Situation;
  readonly demands: Demands;
  readonly servers: readonly ServerDemand[];
}

/** A schedule and its proof before they have a name. */
export type ScheduleDraft = Omit<Schedule, 'id'> & {
  readonly proof: Omit<ScheduleProof, 'schedule'>;
  /** They follow from the settings, and many schedules have them in common. */
  readonly proved: readonly ProvedServer[];
};

/** A schedule with what it leaves unkept. */
export interface DraftedSchedule {
  readonly schedule: ScheduleDraft;
  readonly unkept: Unkept | null;
}

/** The settings of a situation whose servers are admitted, with their proofs. */
export function draftSchedule(
  draft: SituationDemands,
  admission: Admission,
  context: PlanningContext,
): DraftedSchedule {
  const { servers, situation, demands } = draft;
  const coreOf = (server: ServerDemand): number | null =>
    admission.ok && admission.test === 'partitioned-edf'
      ? (admission.placement.get(server.key) ?? null)
      : null;
  const timing = timingAdmitted(draft, admission, context) ? timingServer(context.host) : null;
  const admitted = timing ? [...servers, timing] : servers;
  const reserved = add(totalUtilisation(admitted), elevatedCores(demands, context.population));
  const inner: CeilingContext = { ...context, situation, demands, reserved, servers };
  const unplaced = context.findings.hasErrors ? null : unkeptPlacedFloors(admitted, admission, inner);
  const ceilings = ceilingsOf(inner);
  // Without servers there is nothing that a thread at real-time priority has to wait for.
  const precise = timing !== null || (context.host.elevates && servers.length === 0);
  const duties = planDuties(ceilings, precise, inner);
  const sharing = { ...inner, running: runningRates(duties.settings) };
  const shares = planShares(sharing);
  const limits = withPromisesKept(ceilings, shares.assignments, sharing);
  const settings = [
    ...reservationSettings(demands, latenessOf(admitted, admission, context.host), context),
    ...shares.assignments.map((one) => shareSetting(one, context)),
    ...quotaSettings(limits, inner),
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

/** Of those who run at all. */
const runningRates = (settings: readonly Setting[]): RunningRates =>
  new Map(
    settings.flatMap((one) =>
      (one.mechanism === 'duty' || one.mechanism === 'freezer') && one.runNs > 0
        ? [[one.class, rational(BigInt(one.runNs), BigInt(one.periodNs))] as const]
        : [],
    ),
  );

function timingAdmitted(
  { servers }: SituationDemands,
  admission: Admission,
  { timing }: PlanningContext,
): boolean {
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
