import type { Schedule } from '../../compiler/plan.js';

const SECOND_NS = 1e9;
const LEAST_NS = 2 * SECOND_NS;
const MOST_NS = 20 * SECOND_NS;
/** A timetable that is longer is not run to its end. */
const LONGEST_TIMETABLE_NS = 60 * SECOND_NS;
/** Of the longest server: enough for the rate to show, and for gaps to come. */
const PERIODS = 25;
const LEAST_WARM_UP_NS = 0.5 * SECOND_NS;

/** How long a moment is held: to come to rest, then to be measured. */
export interface Durations {
  readonly warmUpNs: number;
  readonly measuredNs: number;
  /** Whole rounds of the timetable are measured, so that means mean something. */
  readonly isWhole: boolean;
}

export function durationsOf({ servers, timetable }: Schedule): Durations {
  const longestNs = servers.reduce((longest, { periodNs }) => Math.max(longest, periodNs), 0);
  const enoughNs = Math.min(MOST_NS, Math.max(LEAST_NS, PERIODS * longestNs));
  const roundNs = timetable?.hyperperiodNs ?? 0;
  const warmUpNs = Math.max(LEAST_WARM_UP_NS, 2 * longestNs);
  if (roundNs === 0) return { warmUpNs, measuredNs: enoughNs, isWhole: true };
  if (roundNs > LONGEST_TIMETABLE_NS) return { warmUpNs, measuredNs: MOST_NS, isWhole: false };
  return {
    warmUpNs: Math.max(warmUpNs, roundNs),
    measuredNs: Math.ceil(enoughNs / roundNs) * roundNs,
    isWhole: true,
  };
}

export const longestPeriodOf = (schedules: readonly Schedule[]): number =>
  schedules.reduce(
    (longest, { servers }) => servers.reduce((most, { periodNs }) => Math.max(most, periodNs), longest),
    0,
  );
