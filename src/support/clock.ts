/** Time as the code below sees it, so that tests and the simulated host can stand still or leap. */
export interface Clock {
  /** CLOCK_MONOTONIC, nanoseconds; never steps. */
  monotonicNs(): bigint;
  /** Wall clock, milliseconds since 1970-01-01T00:00:00Z; may step. */
  wallMs(): number;
}

export const systemClock: Clock = {
  monotonicNs: () => process.hrtime.bigint(),
  wallMs: () => Date.now(),
};
