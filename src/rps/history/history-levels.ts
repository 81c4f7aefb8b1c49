const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** One resolution in which history is kept. */
export interface HistoryLevel {
  /** Means over so long, at least: signals that are sampled more seldom are kept as they are. */
  readonly stepMs: number;
  readonly keptMs: number;
  /** What one row of it covers: for so long at least it is kept in the level below. */
  readonly rowMs: number;
}

/** By level: seconds for a day, minutes for a month, hours for two years. */
export const HISTORY_LEVELS = [
  { stepMs: SECOND_MS, keptMs: DAY_MS, rowMs: MINUTE_MS },
  { stepMs: MINUTE_MS, keptMs: 31 * DAY_MS, rowMs: HOUR_MS },
  { stepMs: HOUR_MS, keptMs: 731 * DAY_MS, rowMs: DAY_MS },
] as const satisfies readonly HistoryLevel[];

/** The finest level that still has what was so long ago; the coarsest for what none has. */
export function levelOfAge(ageMs: number): 0 | 1 | 2 {
  if (ageMs <= HISTORY_LEVELS[0].keptMs) return 0;
  return ageMs <= HISTORY_LEVELS[1].keptMs ? 1 : 2;
}
