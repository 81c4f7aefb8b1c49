import { rational } from '../../support/rational.js';

/** What two context switches cost a server in each of its periods, unless the host facts know better. */
export const USUAL_CONTEXT_SWITCHES_NS = 20_000;

/** The least budget in whole microseconds that the kernel takes (1,024 ns). */
export const LEAST_BUDGET_NS = 2000;
/** The kernel's range of periods. */
export const SHORTEST_PERIOD_NS = 100_000;
export const LONGEST_PERIOD_NS = 4_000_000_000;
/** Where a condition may end a reservation, so that changes of mode do not take long. */
export const LONGEST_GUARDED_PERIOD_NS = 1_000_000_000;

/** The shortest times for which guests are let run, and the shortest cycle of letting them run and stopping them. */
export const SHORTEST_RUN_NS = 1_000_000n;
export const SHORTEST_CYCLE_NS = 10_000_000n;
/** What stopping and continuing a guest costs in each of its cycles, roughly: what decides between periods, and no proof. */
export const GANG_OVERHEAD_NS = 100_000;
/** Of each second and core threads at real-time priority are given at most so much (sched_rt_runtime_us), */
export const ELEVATED_LIMIT = rational(19n, 20n);
/** and are then held for the rest of it. */
export const ELEVATED_HOLD_NS = 50_000_000n;
