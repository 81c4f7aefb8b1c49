import type { Moment, TimedMoment } from './moment.js';

/** A moment of the replay that is held for a while. */
export interface HeldMoment {
  readonly kind: 'moment';
  readonly moment: Moment;
}

/** A change of schedule, and what came right after it. */
export interface Change {
  readonly kind: 'change';
  readonly before: Moment;
  /** As the replay had it, at least one. */
  readonly after: readonly TimedMoment[];
  /** How often the replay changed between these schedules. */
  readonly times: number;
}

/** A part of a replay that is run again in detail. */
export type Stretch = HeldMoment | Change;
