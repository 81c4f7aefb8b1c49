/** What two context switches cost a server in each of its periods, unless the host facts know better. */
export const USUAL_CONTEXT_SWITCHES_NS = 20_000;

/** The least budget in whole microseconds that the kernel takes (1,024 ns). */
export const LEAST_BUDGET_NS = 2000;
/** The kernel's range of periods. */
export const SHORTEST_PERIOD_NS = 100_000;
export const LONGEST_PERIOD_NS = 4_000_000_000;
/** Where a condition may end a reservation, so that changes of mode do not take long. */
export const LONGEST_GUARDED_PERIOD_NS = 1_000_000_000;
