import { becauseOf } from '../because.js';
import type { CombineContext } from '../demands/combine-context.js';
import type { Demands, ReservationDemand } from '../demands/demands.js';
import { larger } from '../exact.js';
import { type Fidelity, reservationFidelity } from '../fidelity.js';
import type { VcpuInterface } from '../interface/index.js';
import type { InterfaceProof, Setting, SettingOf } from '../plan.js';
import type { Lateness } from './lateness.js';
import { isUniform, largestOf, type VcpuServer } from './reservation-form.js';
import { serverKey } from './server-demand.js';

/** One setting for each class with a reservation. */
export function reservationSettings(
  { reservations }: Demands,
  lateness: Lateness,
  context: CombineContext,
): readonly Setting[] {
  return [...reservations].flatMap(([key, demand]) => {
    const declared = context.population.classes.get(key);
    if (!declared || demand.mechanism !== 'reservation') return [];
    const { budgetNs, periodNs } = largestOf(demand.vcpus);
    const keeps = keptBy(demand);
    return [
      {
        class: key,
        subject: 'class' as const,
        scope: 'each' as const,
        mechanism: 'reservation' as const,
        budgetNs: Number(budgetNs),
        periodNs: Number(periodNs),
        ...(isUniform(demand.vcpus) && !keeps?.tasks ? {} : { vcpus: demand.vcpus.map(planServer) }),
        ...(keeps ? { keeps } : {}),
        overhead: {
          budgetNs: Number(declared.overhead.budgetNs),
          periodNs: Number(declared.overhead.periodNs),
        },
        fidelity: fidelityOf(key, demand, lateness, context),
        because: becauseOf(demand.sentences),
      },
    ];
  });
}

export function planServer({ budgetNs, periodNs, interface: derived }: VcpuServer) {
  const tasks = derived ? derived.tasks.map(({ name }) => name) : [];
  return { budgetNs: Number(budgetNs), periodNs: Number(periodNs), tasks };
}

/** What the servers are proved to keep besides their budgets. */
export function keptBy({ sentences }: ReservationDemand): SettingOf<'reservation'>['keeps'] | null {
  const forms = sentences.flatMap((one) => (one.kind === 'reserve' ? [one.form] : []));
  const tasks = forms.some(({ kind }) => kind === 'tasks');
  const windows = forms.flatMap((form) =>
    form.kind === 'in-any' ? [{ budgetNs: Number(form.budgetNs), windowNs: Number(form.windowNs) }] : [],
  );
  return tasks || windows.length > 0 ? { tasks, windows } : null;
}

/** That of the vCPU with the longest gap; vCPUs that nothing is asked for count only where all are like that. */
function fidelityOf(
  key: string,
  { vcpus }: ReservationDemand,
  lateness: Lateness,
  { host, population }: CombineContext,
): Fidelity {
  const asked = vcpus.some((one) => one.interface !== null);
  const guests = population.classes.get(key)?.maxGuests ?? 1;
  let lateNs = 0n;
  const all = vcpus.flatMap((vcpu, index) => {
    if (asked && vcpu.interface === null) return [];
    const own = latestOf(key, guests, `vcpu ${index}`, vcpu, lateness);
    lateNs = larger(lateNs, own);
    return [reservationFidelity(vcpu.budgetNs, vcpu.periodNs, host, own)];
  });
  const byGap = [...all].sort((a, b) => (b.worstGapNs ?? 0) - (a.worstGapNs ?? 0));
  // INVARIANT: a guest has a vCPU, and one that something is asked for where it is asked for anything.
  const longest = byGap[0]!;
  const bounded = byGap.find(({ kind }) => kind === 'bounded');
  const late = lateNs > 0n && asked ? ['what they are for is as late'] : [];
  const notes = [...(bounded?.note === undefined ? [] : [bounded.note]), ...late];
  return {
    ...longest,
    kind: bounded ? 'bounded' : longest.kind,
    rateError: Math.max(...all.map(({ rateError }) => rateError)),
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
  };
}

/** Of all guests of a class, which may be on different cores. */
function latestOf(
  key: string,
  guests: number,
  thread: string,
  { periodNs }: VcpuServer,
  lateness: Lateness,
): bigint {
  return Array.from({ length: guests }, (_, member) =>
    lateness({ key: serverKey(key, member, thread), periodNs }),
  ).reduce(larger, 0n);
}

/** A server that is there for tasks or windows. */
export interface ProvedServer {
  readonly class: string;
  readonly server: VcpuServer;
  readonly interface: VcpuInterface;
}

/** One for each vCPU that something is asked for. */
export function provedServers({ reservations }: Demands): readonly ProvedServer[] {
  return [...reservations].flatMap(([key, { vcpus }]) =>
    vcpus.flatMap((server) =>
      server.interface === null ? [] : [{ class: key, server, interface: server.interface }],
    ),
  );
}

/** The points that prove that each of these servers suffices; of equal ones once. Where budgets wait for ticks, the same server is proved otherwise. */
export function interfaceProofs(servers: readonly ProvedServer[]): InterfaceProof[] {
  const distinct = new Map<string, ProvedServer[]>();
  for (const one of servers) {
    const { windows, points } = one.interface;
    const key = JSON.stringify([one.class, planServer(one.server), windows]);
    const alike = distinct.get(key) ?? [];
    const isKnown = ({ interface: known }: ProvedServer) =>
      known.points === points || JSON.stringify(known.points) === JSON.stringify(points);
    if (!alike.some(isKnown)) distinct.set(key, [...alike, one]);
  }
  return [...distinct.values()].flat().map(({ class: name, server, interface: { points, windows } }) => ({
    class: name,
    ...planServer(server),
    points: points.map((point) => ({ ...point })),
    windows: windows.map((point) => ({ ...point })),
  }));
}
