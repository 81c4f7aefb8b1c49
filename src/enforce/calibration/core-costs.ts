import { preemptionCosts } from './preemption-costs.js';
import type { PreemptionRound, VisitorClass } from './preemption-round.js';

/** What a preemption costs on one core. */
export interface CoreCosts {
  readonly core: number;
  readonly scheduling: VisitorClass;
  /** Preemptions that could be told from everything else. */
  readonly preemptions: number;
  /** Of the rounds' medians, and of their quantiles {@link HIGH}, the median: what disturbs a round or two does not count. */
  readonly medianNs: number;
  readonly highNs: number;
}

/** The quantile that is taken for what a preemption costs. */
export const HIGH = 0.95;
/** A round with fewer preemptions says nothing about its quantiles. */
const LEAST_PREEMPTIONS = 20;
const LEAST_ROUNDS = 3;

/** From rounds on one core; null where too few of them are of use, for the core is too busy with other things. */
export function coreCosts(core: number, rounds: readonly PreemptionRound[]): CoreCosts | null {
  const useful = rounds
    .map((round) => ({ ...round, costs: [...preemptionCosts(round, core)].sort((a, b) => a - b) }))
    .filter(({ costs }) => costs.length >= LEAST_PREEMPTIONS);
  if (useful.length < LEAST_ROUNDS) return null;
  const overRounds = (part: number) =>
    quantile(
      useful.map(({ costs }) => quantile(costs, part)).sort((a, b) => a - b),
      0.5,
    );
  return {
    core,
    scheduling: leastOf(useful.map(({ visitorClass }) => visitorClass)),
    preemptions: useful.reduce((sum, { costs }) => sum + costs.length, 0),
    medianNs: overRounds(0.5),
    highNs: overRounds(HIGH),
  };
}

/** The least value that at least this part of them does not exceed; `ascending` is not empty. */
export function quantile(ascending: readonly number[], part: number): number {
  // INVARIANT: 0 < part ≤ 1, so the place is one of theirs.
  return ascending[Math.ceil(part * ascending.length) - 1]!;
}

const CLASSES: readonly VisitorClass[] = ['normal', 'fifo', 'deadline'];

/** The one with the least say over when it runs. */
export const leastOf = (classes: readonly VisitorClass[]): VisitorClass =>
  CLASSES.find((one) => classes.includes(one)) ?? 'normal';
