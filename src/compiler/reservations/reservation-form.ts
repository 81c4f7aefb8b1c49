import type { GuestClass, ReservationForm } from '../../lang/model.js';
import { invariant } from '../../support/invariant.js';
import { type Rational, rational } from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';
import { sum } from '../exact.js';
import {
  deriveGangInterface,
  deriveInterface,
  type GuestNeeds,
  proveInterface,
  type RefusedInterface,
  type SearchTerms,
  type VcpuInterface,
} from '../interface/index.js';
import {
  ELEVATED_LIMIT,
  GANG_OVERHEAD_NS,
  LEAST_BUDGET_NS,
  LONGEST_GUARDED_PERIOD_NS,
  LONGEST_PERIOD_NS,
  SHORTEST_CYCLE_NS,
  SHORTEST_PERIOD_NS,
  SHORTEST_RUN_NS,
} from './server-terms.js';

/** The reservation of one vCPU: `budgetNs` of CPU in every `periodNs`. */
export interface VcpuServer {
  readonly budgetNs: bigint;
  readonly periodNs: bigint;
  /** What it is derived from or proved for; null: it is what the policy says, or nothing runs there that needs a server. */
  readonly interface: VcpuInterface | null;
}

/** Servers for each vCPU, why there are none, or that what the policy says itself does not include what else it asks for. */
export type ReservationResult =
  | { readonly ok: true; readonly vcpus: readonly VcpuServer[] }
  | { readonly ok: false; readonly refused: RefusedInterface }
  | { readonly ok: false; readonly refused: null };

/** What is asked for one guest, at the same time. */
export interface Reservation {
  /** Exactly this; null: only what follows. */
  readonly every: Extract<ReservationForm, { kind: 'every' }> | null;
  readonly windows: readonly Extract<ReservationForm, { kind: 'in-any' }>[];
  readonly tasks: boolean;
  /** All vCPUs run and stop together, by a timetable. */
  readonly gang: boolean;
  /** Whether a condition may end it: then periods are shorter, that changes of mode do not take long. */
  readonly guarded: boolean;
}

/**
 * The servers on a guest's vCPUs that keep what a reservation asks for, at the least cost. A vCPU without a task, where
 * nothing but tasks needs servers, gets what QEMU's main loop gets: enough for the guest's kernel. Pure.
 */
export function reservationOf(
  reservation: Reservation,
  guestClass: GuestClass,
  host: EffectiveHost,
): ReservationResult {
  const { every } = reservation;
  const terms = searchTerms(host, reservation);
  const { vcpus, overhead } = guestClass;
  const needs = needsOf(reservation, guestClass);
  if (every) {
    const plain = { budgetNs: every.budgetNs, periodNs: every.periodNs, interface: null };
    if (!isNeedy(needs)) return { ok: true, vcpus: Array.from({ length: vcpus }, () => plain) };
    const server = { budgetNs: Number(every.budgetNs), periodNs: Number(every.periodNs) };
    const proved = proveInterface(needs, vcpus, server, terms);
    return proved
      ? { ok: true, vcpus: proved.map((one) => ({ ...plain, interface: one })) }
      : { ok: false, refused: null };
  }
  const derived = reservation.gang
    ? deriveGangInterface(needs, vcpus, terms)
    : deriveInterface(needs, vcpus, terms);
  if (!derived.ok) return { ok: false, refused: derived };
  // A gang's vCPU without tasks runs with the others.
  const idle = reservation.gang ? serverOf(derived.vcpus.find((one) => one !== null)) : null;
  return {
    ok: true,
    vcpus: derived.vcpus.map((one) => serverOf(one) ?? { ...(idle ?? overhead), interface: null }),
  };
}

export function needsOf(
  { windows, tasks }: Pick<Reservation, 'windows' | 'tasks'>,
  guestClass: GuestClass,
): GuestNeeds {
  return {
    tasks: tasks ? guestClass.tasks : [],
    windows: windows.map(({ budgetNs, windowNs }) => ({
      windowNs: Number(windowNs),
      demandNs: Number(budgetNs),
    })),
  };
}

const isNeedy = ({ tasks, windows }: GuestNeeds): boolean => tasks.length + windows.length > 0;

const serverOf = (one: VcpuInterface | null | undefined): VcpuServer | null =>
  one
    ? {
        budgetNs: BigInt(one.server.budgetNs),
        periodNs: BigInt(one.server.periodNs),
        interface: one,
      }
    : null;

/** Cycles of a gang as a timetable can keep them, in periods that divide each other. */
const GANG_TERMS: SearchTerms = {
  tickNs: 0,
  granuleNs: 1000,
  overheadNs: GANG_OVERHEAD_NS,
  leastBudgetNs: Number(SHORTEST_RUN_NS),
  leastPeriodNs: Number(SHORTEST_CYCLE_NS),
  mostPeriodNs: LONGEST_PERIOD_NS,
  periodsNs: Array.from({ length: 9 }, (_, power) => Number(SHORTEST_CYCLE_NS) * 2 ** power),
  mostRate: ELEVATED_LIMIT,
};

/** Servers as this host can keep them, on a core by themselves, if it has to be; or cycles. */
export const searchTerms = (
  host: EffectiveHost,
  { guarded, gang }: Pick<Reservation, 'guarded' | 'gang'>,
): SearchTerms => (gang ? GANG_TERMS : serverTerms(host, guarded));

const serverTerms = (host: EffectiveHost, guarded: boolean): SearchTerms => ({
  tickNs: host.facts.hrtickDeadline ? 0 : Number(host.tickNs),
  granuleNs: 1000,
  overheadNs: Number(host.contextSwitchesNs),
  leastBudgetNs: LEAST_BUDGET_NS,
  leastPeriodNs: SHORTEST_PERIOD_NS,
  mostPeriodNs: guarded ? LONGEST_GUARDED_PERIOD_NS : LONGEST_PERIOD_NS,
  mostRate: host.deadlineLimit,
});

export const isUniform = ([first, ...others]: readonly VcpuServer[]): boolean =>
  others.every((one) => one.budgetNs === first?.budgetNs && one.periodNs === first.periodNs);

/** Cores that the servers of one guest come to, context switches aside. */
export const rateOf = ({ vcpus }: { readonly vcpus: readonly VcpuServer[] }): Rational =>
  sum(vcpus.map(({ budgetNs, periodNs }) => rational(budgetNs, periodNs)));

/** The server with the largest rate; of equal ones the first. */
export function largestOf(vcpus: readonly VcpuServer[]): VcpuServer {
  const [first] = vcpus;
  invariant(first, 'a guest has a vCPU');
  return vcpus.reduce(
    (most, one) => (one.budgetNs * most.periodNs > most.budgetNs * one.periodNs ? one : most),
    first,
  );
}
