/** A thread's SCHED_DEADLINE server in the periodic resource model: `budgetNs` (Θ) of CPU in every `periodNs` (Π). */
export interface PeriodicServer {
  readonly budgetNs: number;
  readonly periodNs: number;
}

/**
 * The least that a server supplies in any window of a given length: nothing for `2 gapNs`, then `budgetNs` without a break,
 * nothing for `gapNs`, and so on; less `aheadNs`, as long as that leaves something. Integer nanoseconds.
 */
export interface Supply {
  readonly budgetNs: number;
  /** Π − Θ. */
  readonly gapNs: number;
  /** How much may have been supplied too early, before the window; 0 where budgets are enforced exactly. */
  readonly aheadNs: number;
}

/** `tickNs`: the interval at which the host enforces budgets; 0 where timers enforce them (HRTICK_DL). */
export function supplyOf({ budgetNs, periodNs }: PeriodicServer, tickNs: number): Supply {
  return { budgetNs, gapNs: periodNs - budgetNs, aheadNs: aheadNs(budgetNs, tickNs) };
}

/**
 * How far a server may run ahead of its budgets when these are enforced at ticks: by a tick, and by the budgets that the kernel
 * then gives it at once to make that good, at most ⌊tick / Θ⌋ of them. (Proof: docs/analysis.md, "Ticks".)
 */
export function aheadNs(budgetNs: number, tickNs: number): number {
  return tickNs === 0 ? 0 : Math.floor(tickNs / budgetNs) * budgetNs + tickNs;
}

/**
 * The supply bound function: the least CPU time supplied in any window of `windowNs`.
 * Source: Shin and Lee, "Periodic resource model for compositional real-time guarantees" (RTSS 2003), section 4.1.
 */
export function suppliedWithin({ budgetNs, gapNs, aheadNs: ahead }: Supply, windowNs: number): number {
  const sinceGap = windowNs - gapNs;
  if (sinceGap <= 0) return 0;
  const periodNs = budgetNs + gapNs;
  const whole = Math.floor(sinceGap / periodNs);
  const supplied = whole * budgetNs + Math.max(0, sinceGap - whole * periodNs - gapNs);
  return Math.max(0, supplied - ahead);
}

/** The inverse: the shortest window in which `amountNs` > 0 is sure to be supplied. */
export function windowToSupply({ budgetNs, gapNs, aheadNs: ahead }: Supply, amountNs: number): number {
  const inAll = amountNs + ahead;
  return inAll + (Math.ceil(inAll / budgetNs) + 1) * gapNs;
}
