import { checkLevel } from '../calibration/check-level.js';
import { type Asker, rateBeside } from './asker.js';
import { completionOf } from './completion.js';
import type { LoadPath } from './load-path.js';
import { type Likeness, type Outcome, ratioDistribution } from './outcomes.js';

export interface Work {
  /** CPU time that is to be had, ns of one processor. */
  readonly workNs: number;
  readonly asker: Asker;
  /** Of the threads of the owner's that want to run. */
  readonly path: LoadPath;
  /** The monotonic clock now. */
  readonly startNs: number;
  /** Threads of the owner's at the newest sample. */
  readonly threadsNow: number;
  readonly processors: number;
  /** Of the two-sided interval, in (0, 1). */
  readonly level: number;
}

/** When it will be done, ns from now, and what that rests on. */
export interface Advice {
  readonly expectedNs: number;
  /** Two-sided, at the level asked for. */
  readonly lowerNs: number;
  readonly upperNs: number;
  /** Outcomes of like work that it was calibrated with; below {@link CALIBRATED_FROM} it hardly is. */
  readonly outcomes: number;
  /** The load is forecast for less than that time. */
  readonly beyondHorizon: boolean;
  /** What an {@link Outcome} is to be compared with. */
  readonly like: Likeness;
  readonly forecastNs: number;
  /** What it would take beside an owner who wants nothing. */
  readonly aloneNs: number;
  /** What it would take if the load stayed as it is now; null: for ever. */
  readonly asNowNs: number | null;
  readonly scale: number;
}

/** Outcomes of like work from which an interval counts as calibrated. */
export const CALIBRATED_FROM = 20;

/** Deviation of the logarithm that no forecast knows of: ticks, caches, wake-ups; what a guest takes for work as well. */
const LEAST_DEVIATION = 0.02;
const OF_GUESTS = 0.06;
/** The same of a guest's share beside an owner: into how many groups the kernel puts the owner's threads. */
const OF_GROUPS = 0.3;
const WAKE_UP_NS = 1e6;
/** The same of a thread that shares its processor for a second: which processor it gets, and when its turn is. */
const SHARING_DEVIATION = 0.5;
const SHARING_NS = 1e9;

/**
 * When work will be done: the walk along the forecast, then corrected and given limits by how like work
 * turned out. Null: never, as things are. Throws a RangeError unless workNs > 0 and 0 < level < 1.
 */
export function advise(work: Work, outcomes: readonly Outcome[]): Advice | null {
  const { workNs, asker, path, startNs, level, threadsNow, processors } = work;
  checkLevel(level);
  if (!(workNs > 0)) throw new RangeError(`work is a time above 0, not ${workNs} ns`);
  const completion = completionOf(workNs, asker, path, startNs);
  if (completion === null) return null;
  const forecastNs = completion.meanNs;
  const beside = (threads: number): number | null => {
    const steady = { ...asker, rates: [rateBeside(asker.rates, threads)] };
    return completionOf(workNs, steady, path, startNs)?.meanNs ?? null;
  };
  const aloneNs = beside(0) ?? forecastNs;
  const threads = Math.max(0, path.average(Math.max(1, Math.round(forecastNs / path.stepNs))));
  // What is reserved is not shared with threads that are not.
  const crowding = asker.kind === 'reservation' ? 0 : Math.max(0, 1 - processors / (threads + 1));
  const scale = Math.hypot(completion.logDeviation, ownDeviation(asker, forecastNs, crowding));
  const like = { kind: asker.kind, workNs, threads };
  const ratios = ratioDistribution(outcomes, like, scale);
  const expectedNs = forecastNs * Math.exp(ratios.mean);
  return {
    expectedNs,
    lowerNs: Math.min(expectedNs, forecastNs * Math.exp(ratios.quantile((1 - level) / 2))),
    upperNs: Math.max(expectedNs, forecastNs * Math.exp(ratios.quantile((1 + level) / 2))),
    outcomes: ratios.outcomes,
    beyondHorizon: expectedNs > path.horizon * path.stepNs,
    like,
    forecastNs,
    aloneNs,
    asNowNs: beside(threadsNow),
    scale,
  };
}

/** How work that was advised on turned out. Throws a RangeError unless tookNs > 0. */
export function outcomeOf(advice: Advice, level: number, tookNs: number): Outcome {
  if (!(tookNs > 0)) throw new RangeError(`work takes a time above 0, not ${tookNs} ns`);
  return {
    ...advice.like,
    logRatio: Math.log(tookNs / advice.forecastNs),
    scale: advice.scale,
    level,
    inside: tookNs >= advice.lowerNs && tookNs <= advice.upperNs,
  };
}

function ownDeviation({ kind, unevenNs }: Asker, timeNs: number, crowding: number): number {
  const least = kind === 'fair share' ? LEAST_DEVIATION : OF_GUESTS;
  const groups = kind === 'fair share' ? 0 : OF_GROUPS * crowding;
  const uneven = unevenNs / timeNs / Math.sqrt(3);
  const wakeUp = WAKE_UP_NS / timeNs;
  const sharing = SHARING_DEVIATION * crowding * Math.sqrt(Math.min(4, SHARING_NS / timeNs));
  return Math.hypot(least, groups, uneven, wakeUp, sharing);
}
