import fc from 'fast-check';
import type { SearchTerms } from '../../../src/compiler/interface/cheapest-server.js';
import type { GuestTask } from '../../../src/lang/model.js';
import { ONE } from '../../../src/support/rational.js';

/*
 * The definitions, taken at their word and slowly: what the quick code is compared with. Times are
 * whole numbers of some unit, and small.
 */

/** The worst case of a server, unit by unit: its budget came at the start of a period, and comes at the end of all others. */
export function worstSupply(budget: number, period: number, length: number): readonly boolean[] {
  const gap = period - budget;
  return Array.from({ length }, (_, now) => now >= 2 * gap && (now - 2 * gap) % period < budget);
}

/** Over all places of a window among the periods: what of each budget must lie in it, wherever in its period that is given. */
export function leastSupply(budget: number, period: number, window: number): number {
  const at = (start: number): number => {
    let least = 0;
    for (let from = 0; from < start + window; from += period) {
      const inside = Math.min(from + period, start + window) - Math.max(from, start);
      least += Math.max(0, budget - (period - Math.max(0, inside)));
    }
    return least;
  };
  return Math.min(...Array.from({ length: period }, (_, start) => at(start)));
}

/** Every job released and due in a window, one by one. */
export function demandOneByOne(tasks: readonly GuestTask[], window: number): number {
  let demand = 0;
  for (const { costNs, periodNs, deadlineNs } of tasks) {
    for (let release = 0; release + Number(deadlineNs) <= window; release += Number(periodNs)) {
      demand += Number(costNs);
    }
  }
  return demand;
}

/** The least common multiple of the periods. */
export function hyperperiod(values: readonly number[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return values.reduce((a, b) => (a / divisor(a, b)) * b, 1);
}

/** dbf(t) ≤ sbf(t) at every t up to two hyperperiods of tasks and server, and the long run. */
export function holdsEverywhere(
  tasks: readonly GuestTask[],
  budget: number,
  period: number,
  ahead = 0,
): boolean {
  const cycle = hyperperiod([...tasks.map(({ periodNs }) => Number(periodNs)), period]);
  const perCycle = tasks.reduce(
    (sum, { costNs, periodNs }) => sum + Number(costNs) * (cycle / Number(periodNs)),
    0,
  );
  if (perCycle > (cycle / period) * budget) return false;
  const end = 2 * cycle + 2 * period + Math.ceil(ahead / budget) * period;
  const supply = worstSupply(budget, period, end + 1);
  let supplied = 0;
  for (let window = 1; window <= end; window++) {
    if (supply[window - 1]) supplied++;
    if (demandOneByOne(tasks, window) > Math.max(0, supplied - ahead)) return false;
  }
  return true;
}

/** EDF on the worst-case supply, all tasks released at 0 and as often as they may be: whether a deadline is missed. */
export function missesDeadline(
  tasks: readonly GuestTask[],
  supply: readonly boolean[],
  releases: (task: GuestTask) => readonly number[] = (task) => everyPeriod(task, supply.length),
): boolean {
  const jobs = tasks
    .flatMap((task) =>
      releases(task).map((at) => ({ at, due: at + Number(task.deadlineNs), left: Number(task.costNs) })),
    )
    .sort((a, b) => a.due - b.due || a.at - b.at);
  for (let now = 0; now < supply.length; now++) {
    if (jobs.some(({ due, left }) => due === now && left > 0)) return true;
    if (!supply[now]) continue;
    const job = jobs.find(({ at, left }) => at <= now && left > 0);
    if (job) job.left--;
  }
  return jobs.some(({ due, left }) => due <= supply.length && left > 0);
}

function everyPeriod({ periodNs }: GuestTask, until: number): readonly number[] {
  return Array.from({ length: Math.ceil(until / Number(periodNs)) }, (_, index) => index * Number(periodNs));
}

/** (C, T) or (C, T, D), in the unit given in nanoseconds. */
export function task(cost: number, period: number, deadline = period, unit = 1): GuestTask {
  const scaled = (value: number) => BigInt(Math.round(value * unit));
  return {
    name: `${cost} every ${period} within ${deadline}`,
    costNs: scaled(cost),
    periodNs: scaled(period),
    deadlineNs: scaled(deadline),
  };
}

export const MS = 1_000_000;

/** As a host with precise timers has it, in nanoseconds. */
export const TERMS: SearchTerms = {
  tickNs: 0,
  granuleNs: 1000,
  overheadNs: 20_000,
  leastBudgetNs: 2000,
  leastPeriodNs: 100_000,
  mostPeriodNs: 4_000_000_000,
  mostRate: { num: 19n, den: 20n },
};

/** One unit of time is a granule; switching costs one. */
export const SMALL: SearchTerms = {
  tickNs: 0,
  granuleNs: 1,
  overheadNs: 1,
  leastBudgetNs: 1,
  leastPeriodNs: 1,
  mostPeriodNs: 40,
  mostRate: ONE,
};

/** Up to four tasks with short periods of few values, so that hyperperiods stay short. */
export const smallTasks = fc
  .array(
    fc
      .tuple(
        fc.constantFrom(4, 6, 8, 10, 12, 15, 20),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 8 }),
      )
      .map(([period, cost, shorter]) => {
        const budget = Math.min(cost, period);
        return task(budget, period, Math.max(budget, period - shorter));
      }),
    { minLength: 1, maxLength: 4 },
  )
  .map((tasks) => tasks.map((one, index) => ({ ...one, name: `t${index}` })));
