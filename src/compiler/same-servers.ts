import type { Server } from './plan.js';

/** In the same order as well: schedules of one plan list their servers alike. */
export const sameServers = (some: readonly Server[], others: readonly Server[]): boolean =>
  some.length === others.length &&
  some.every((one, index) => {
    // INVARIANT: both have as many.
    const other = others[index]!;
    return (
      one.budgetNs === other.budgetNs &&
      one.periodNs === other.periodNs &&
      one.core === other.core &&
      one.thread === other.thread &&
      one.member === other.member &&
      one.class === other.class
    );
  });
