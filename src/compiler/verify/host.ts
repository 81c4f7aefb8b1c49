import type { Plan, Schedule, Server } from '../plan.js';
import { above, decimal, type Fraction, over, ratio, times } from './fractions.js';

/* What the host facts in a plan say about servers. */

export type Cycle = Pick<Server, 'budgetNs' | 'periodNs'>;

export interface Host {
  readonly cores: readonly number[];
  readonly speedOf: (core: number) => Fraction;
  /** What servers may use of a core, in cores of full speed; of any core: of the slowest. */
  readonly limitOf: (core: number | null) => Fraction;
  /** 0: budgets are enforced exactly. */
  readonly tickNs: number;
  readonly switchesNs: number;
  /** Context switches included. */
  readonly utilisation: (server: Cycle) => Fraction;
  /** Of a class as many as may come; of guests of no class one. */
  readonly guestsIn: (name: string) => number;
  /** All vCPUs of a class, and of one guest as many as can run at once. */
  readonly vcpusIn: (name: string) => number;
  readonly widthOf: (name: string) => number;
}

export function hostOf({ host, classes }: Plan): Host {
  const { cores, deadlineLimit, hrtickDeadline, tickNs, contextSwitchesNs: switchesNs = 20_000 } = host;
  const ids = typeof cores === 'number' ? [...new Array(cores).keys()] : cores.map(({ id }) => id);
  const capacities = new Map(
    typeof cores === 'number' ? [] : cores.map(({ id, capacity }) => [id, capacity]),
  );
  const capacityOf = (core: number) => (typeof cores === 'number' ? 1024 : (capacities.get(core) ?? 0));
  const speedOf = (core: number) => over(decimal(capacityOf(core)), ratio(1024));
  const slowest = ids.map(speedOf).reduce((a, b) => (above(a, b) ? b : a));
  const byName = new Map(classes.map((one) => [one.name, one]));
  const classOf = (name: string) => byName.get(name) ?? { maxGuests: 1, vcpus: 1 };
  return {
    cores: ids,
    speedOf,
    limitOf: (core) => times(decimal(deadlineLimit), core === null ? slowest : speedOf(core)),
    tickNs: hrtickDeadline ? 0 : tickNs,
    switchesNs,
    utilisation: ({ budgetNs, periodNs }) => ratio(budgetNs + switchesNs, periodNs),
    guestsIn: (name) => classOf(name).maxGuests,
    vcpusIn: (name) => classOf(name).maxGuests * classOf(name).vcpus,
    widthOf: (name) => Math.min(classOf(name).vcpus, ids.length),
  };
}

/** A schedule's servers, the timing thread's among them. */
export const serversOf = ({ servers, timing }: Schedule): readonly Server[] =>
  timing ? [...servers, { class: '', member: 0, thread: 'timing', ...timing }] : servers;

export const unless = (holds: boolean, problem: string): string[] => (holds ? [] : [problem]);
