import type { GuestClass } from '../lang/model.js';
import { type Rational, rational } from '../support/rational.js';
import type { Demands, ReservationDemand } from './demands.js';
import type { Population } from './population.js';
import { CONTEXT_SWITCHES_NS } from './server-terms.js';

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

/** The server of the thread that stops and continues guests by the timetable; it is none of a guest's. */
export const TIMING_SERVER: ServerDemand = server('', 0, 'timing', 100_000n, 1_000_000n, null);

/** Every vCPU of every guest that a class may have, and the main loop of each of these guests. */
export function serversOf(
  { reservations, placements }: Pick<Demands, 'reservations' | 'placements'>,
  population: Population,
): readonly ServerDemand[] {
  return [...population.classes].flatMap(([key, declared]) => {
    const reservation = reservations.get(key);
    return reservation ? classServers(key, declared, reservation, placements.get(key)?.cores ?? null) : [];
  });
}

/** How many servers {@link serversOf} gives, without making them. */
export function countServers(
  reservations: ReadonlyMap<string, ReservationDemand>,
  population: Population,
): number {
  let count = 0;
  for (const key of reservations.keys()) {
    const declared = population.classes.get(key);
    if (declared) count += declared.maxGuests * (declared.vcpus + 1);
  }
  return count;
}

function classServers(
  key: string,
  { maxGuests, overhead }: GuestClass,
  { vcpus }: ReservationDemand,
  cores: readonly number[] | null,
): readonly ServerDemand[] {
  return Array.from({ length: maxGuests }, (_, member) => [
    ...vcpus.map(({ budgetNs, periodNs }, vcpu) =>
      server(key, member, `vcpu ${vcpu}`, budgetNs, periodNs, cores),
    ),
    server(key, member, 'main', overhead.budgetNs, overhead.periodNs, cores),
  ]).flat();
}

function server(
  className: string,
  member: number,
  thread: string,
  budgetNs: bigint,
  periodNs: bigint,
  cores: readonly number[] | null,
): ServerDemand {
  const utilisation = rational(budgetNs + CONTEXT_SWITCHES_NS, periodNs);
  return {
    key: serverKey(className, member, thread),
    class: className,
    member,
    thread,
    budgetNs,
    periodNs,
    utilisation,
    cores,
  };
}
