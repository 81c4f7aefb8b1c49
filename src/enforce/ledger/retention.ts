const DAY_MS = 86_400_000;

/** For how long rows are kept, by their level: slots of 10 s for two days, hours for two years, days for good. */
export const KEPT_MS = {
  slots: 2 * DAY_MS,
  hours: 2 * 365 * DAY_MS,
  events: 90 * DAY_MS,
  /** Of periods that began before nobody asks. */
  budgets: 62 * DAY_MS,
} as const;

/** Of the events, at most so many. */
export const MOST_EVENTS = 100_000;
