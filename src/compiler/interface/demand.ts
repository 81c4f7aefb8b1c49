import type { GuestTask } from '../../lang/model.js';
import { type Rational, rational } from '../../support/rational.js';
import { sum } from '../exact.js';

/**
 * Sporadic tasks with constrained deadlines (C ≤ D ≤ T) that share a vCPU under EDF, and what the tests need of them.
 * INVARIANT: integers below 2^53, in which the arithmetic of doubles is exact, quotients rounded down or up included.
 */
export interface TaskSet {
  readonly tasks: readonly GuestTask[];
  readonly costsNs: readonly number[];
  readonly periodsNs: readonly number[];
  readonly deadlinesNs: readonly number[];
  readonly longestDeadlineNs: number;
  /** Σ C / T, within {@link ROUNDING} of it. */
  readonly utilisation: number;
  /** Σ C (T − D) / T, by how much demand may be ahead of utilisation × time; likewise. */
  readonly leadNs: number;
}

/** In a window of this length so much may be needed. */
export interface Need {
  readonly windowNs: number;
  readonly demandNs: number;
}

/** One point of a test: what a window of this length may need, and what it is sure to be supplied. */
export interface TestPoint extends Need {
  readonly supplyNs: number;
}

const LEAST_DEADLINES = 1000;

/**
 * How far proofs look: four times the longest deadline, and further if these are not a thousand deadlines. A server needs a
 * little more than the tasks use in the long run for a proof to end there; without a bound the search would settle on
 * servers that exceed that use by millionths, and whose proofs go on for hours of deadlines.
 */
export function proofHorizonNs({ periodsNs, longestDeadlineNs }: TaskSet): number {
  const perNs = periodsNs.reduce((rate, periodNs) => rate + 1 / periodNs, 0);
  return Math.max(4 * longestDeadlineNs, Math.ceil(LEAST_DEADLINES / perNs));
}

/** The relative error of sums of up to 10^5 positive terms in doubles is less, and of some operations on them too. */
export const ROUNDING = 1e-10;

export function taskSet(tasks: readonly GuestTask[]): TaskSet {
  const costsNs = tasks.map(({ costNs }) => Number(costNs));
  const periodsNs = tasks.map(({ periodNs }) => Number(periodNs));
  const deadlinesNs = tasks.map(({ deadlineNs }) => Number(deadlineNs));
  let [utilisation, lead] = [0, 0];
  for (const [index, cost] of costsNs.entries()) {
    // INVARIANT: the three lists are as long as that of the tasks.
    const [period, deadline] = [periodsNs[index]!, deadlinesNs[index]!];
    utilisation += cost / period;
    lead += (cost / period) * Math.max(0, period - deadline);
  }
  const longestDeadlineNs = Math.max(...deadlinesNs);
  return { tasks, costsNs, periodsNs, deadlinesNs, longestDeadlineNs, utilisation, leadNs: lead };
}

export const exactUtilisation = ({ tasks }: Pick<TaskSet, 'tasks'>): Rational =>
  sum(tasks.map(({ costNs, periodNs }) => rational(costNs, periodNs)));

/**
 * The demand bound function: the most CPU time that jobs released and due in a window of `windowNs` can need.
 * Source: Baruah, Mok and Rosier, "Preemptively scheduling hard-real-time sporadic tasks on one processor" (RTSS 1990).
 */
export function demandWithin({ costsNs, periodsNs, deadlinesNs }: TaskSet, windowNs: number): number {
  let demand = 0;
  for (let index = 0; index < costsNs.length; index++) {
    // INVARIANT: the three lists are equally long.
    const sinceFirst = windowNs - deadlinesNs[index]!;
    if (sinceFirst >= 0) demand += (Math.floor(sinceFirst / periodsNs[index]!) + 1) * costsNs[index]!;
  }
  return demand;
}

/** The latest deadline before `windowNs`, all tasks being released at 0, and the demand there; null when there is none. */
export function lastDeadlineBefore(tasks: TaskSet, windowNs: number): Need | null {
  const { costsNs, periodsNs, deadlinesNs } = tasks;
  let [last, demandNs] = [0, 0];
  for (let index = 0; index < costsNs.length; index++) {
    // INVARIANT: the three lists are equally long.
    const [period, deadline] = [periodsNs[index]!, deadlinesNs[index]!];
    if (deadline >= windowNs) continue;
    const earlier = Math.floor((windowNs - 1 - deadline) / period);
    last = Math.max(last, deadline + earlier * period);
    demandNs += (earlier + 1) * costsNs[index]!;
  }
  return last === 0 ? null : { windowNs: last, demandNs };
}
