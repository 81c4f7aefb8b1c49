import type { GuestClass } from '../../lang/model.js';
import { multiply, type Rational, rational } from '../../support/rational.js';
import type { Demands, ReservationDemand } from '../demands/demands.js';
import type { EffectiveHost } from '../effective-host.js';
import { sum } from '../exact.js';
import type { Population } from '../population.js';
import { rateOf, type VcpuServer } from './reservation-form.js';

/** One thread's SCHED_DEADLINE server: its budget in every period, with the deadline at the period's end. */
export interface ServerDemand {
  /** Class, member and thread: the same server in every schedule. */
  readonly key: string;
  readonly class: string;
  readonly member: number;
  /** `vcpu 0`, `vcpu 1`, … or `main`. */
  readonly thread: string;
  readonly budgetNs: bigint;
  readonly periodNs: bigint;
  /** Context switches included. */
  readonly utilisation: Rational;
  /** Cores that it may be placed on; null: any. */
  readonly cores: readonly number[] | null;
}

/** Of the same thread in every schedule. */
export const serverKey = (className: string, member: number, thread: string): string =>
  `${className}/${member}/${thread}`;

/** What the server of the thread that stops and continues guests by the timetable has; it is none of a guest's. */
const TIMING = { budgetNs: 100_000n, periodNs: 1_000_000n };
export const TIMING_KEY = serverKey('', 0, 'timing');
export const timingServer = (host: EffectiveHost): ServerDemand =>
  server({ class: '', member: 0, thread: 'timing', ...TIMING, cores: null }, host);

/** Every vCPU of every guest that a class may have, and the main loop of each of these guests. */
export function serversOf(
  { reservations, placements }: Pick<Demands, 'reservations' | 'placements'>,
  population: Population,
  host: EffectiveHost,
): readonly ServerDemand[] {
  return [...population.classes].flatMap(([key, declared]) => {
    const reservation = reservations.get(key);
    const cores = placements.get(key)?.cores ?? null;
    return reservation?.mechanism === 'reservation'
      ? classServers(key, declared, reservation, cores, host)
      : [];
  });
}

/** How many servers {@link serversOf} gives, without making them. */
export function countServers(
  reservations: ReadonlyMap<string, ReservationDemand>,
  population: Population,
): number {
  let count = 0;
  for (const [key, { mechanism }] of reservations) {
    const declared = population.classes.get(key);
    if (declared && mechanism === 'reservation') count += declared.maxGuests * (declared.vcpus + 1);
  }
  return count;
}

/** Cores of guests that run before all else in times of their own, instead of by servers. */
export const elevatedCores = (
  { reservations }: Pick<Demands, 'reservations'>,
  population: Population,
): Rational =>
  sum(
    [...reservations].flatMap(([key, demand]) => {
      const guests = population.classes.get(key)?.maxGuests ?? 0;
      if (demand.mechanism === 'reservation') return [];
      return [multiply(rateOf(demand), rational(BigInt(guests)))];
    }),
  );

/** A class has the same servers in many situations, and in all attempts at a hint or a counter-offer: they are made once. */
const made = new WeakMap<
  readonly VcpuServer[],
  { readonly for: string; readonly servers: readonly ServerDemand[] }
>();

function classServers(
  key: string,
  declared: GuestClass,
  { vcpus }: ReservationDemand,
  cores: readonly number[] | null,
  host: EffectiveHost,
): readonly ServerDemand[] {
  const { maxGuests, overhead } = declared;
  const terms = [key, maxGuests, overhead.budgetNs, overhead.periodNs, cores, host.contextSwitchesNs].join(
    ';',
  );
  const known = made.get(vcpus);
  if (known?.for === terms) return known.servers;
  const threads = [
    ...vcpus.map(({ budgetNs, periodNs }, vcpu) => ({ thread: `vcpu ${vcpu}`, budgetNs, periodNs })),
    { thread: 'main', ...overhead },
  ];
  // All guests of a class are alike: what a thread takes is worked out once.
  const alike = threads.map((one) => server({ ...one, class: key, member: 0, cores }, host));
  const servers = Array.from({ length: maxGuests }, (_, member) =>
    alike.map((one) => ({ ...one, member, key: serverKey(key, member, one.thread) })),
  ).flat();
  made.set(vcpus, { for: terms, servers });
  return servers;
}

/** With its key, and with the utilisation that its context switches make it. */
export function server(
  given: Omit<ServerDemand, 'key' | 'utilisation'>,
  { contextSwitchesNs }: Pick<EffectiveHost, 'contextSwitchesNs'>,
): ServerDemand {
  return {
    ...given,
    key: serverKey(given.class, given.member, given.thread),
    utilisation: rational(given.budgetNs + contextSwitchesNs, given.periodNs),
  };
}
