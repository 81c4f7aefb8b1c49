import type { BudgetUse } from '../budgets/budget-use.js';
import type { EnforcerEvent } from '../status.js';

/** What a ledger says of the time before. */
export interface LedgerStart {
  /** The last events, oldest first. */
  readonly events: readonly EnforcerEvent[];
  /** Of the last event that may have been given out; 0: none has been. */
  readonly sequence: number;
  readonly budgets: readonly BudgetUse[];
}

/**
 * Where the past cannot be read: events are then numbered from the clock, above all numbers that have been given out if
 * there have been fewer than a hundred in a second.
 */
export const unknownStart = (nowMs: number): LedgerStart => ({
  events: [],
  sequence: Math.floor(nowMs / 10),
  budgets: [],
});
