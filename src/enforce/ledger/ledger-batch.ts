import type { Setting } from '../../compiler/plan.js';
import type { BudgetUse } from '../budgets/budget-use.js';
import type { Measure } from '../status.js';
import type { MissCause } from './miss-cause.js';
import type { CpuUnit } from './promise-samples.js';

/** Length of a row: what a crash can lose. */
export const SLOT_MS = 10_000;

/** A guest, as it is accounted for. Another name, user or class makes another one of it. */
export interface LedgerGuest {
  readonly key: string;
  readonly name: string | null;
  readonly user: string;
  /** As in the plan; `others` for those in no class. */
  readonly class: string;
}

/** What one guest did in one mode within one slot; times in ns. */
export interface GuestUse {
  readonly guest: LedgerGuest;
  readonly mode: string;
  /** For so long it was looked at. */
  readonly elapsedNs: number;
  /** CPU time of the whole process. */
  readonly cpuNs: number;
  /** CPU time that was promised to it alone: by a reservation, a guarantee, or its share of what those who wanted CPU got. */
  readonly promisedNs: number;
  /** Time for which its threads ran or were ready to, of all of them together; null: waiting is not measured. */
  readonly wantedNs: number | null;
  /** Held by its duty cycle. */
  readonly stoppedNs: number;
  /** Stopped by its user. */
  readonly stoppedByUserNs: number;
  /** At no time was it kept from a CPU that it wanted for longer than this; null: waiting is not measured. */
  readonly longestGapNs: number | null;
}

/** One promise to one guest, or about the sum of a subject. */
export interface LedgerPromise {
  /** Null: about the sum. */
  readonly guest: LedgerGuest | null;
  readonly mechanism: Setting['mechanism'];
  readonly subject: string;
  readonly class: string;
  readonly summary: string;
  readonly unit: CpuUnit;
  readonly bound: Measure['bound'];
  /** What it may be missed by before that counts: this time, and that part of the base. */
  readonly slackNs: number;
  readonly slackRatio: number;
}

/** What came of a promise in one mode within one slot; times in ns. */
export interface PromiseUse {
  readonly promise: LedgerPromise;
  readonly mode: string;
  readonly elapsedNs: number;
  /** Both are to be divided by `baseNs`. */
  readonly promisedNs: number;
  readonly deliveredNs: number;
  readonly baseNs: number;
  /** By how much it was missed beyond its slack, by cause; empty: it was kept. */
  readonly misses: readonly { readonly cause: MissCause; readonly ns: number }[];
}

/** All that was measured in one slot. */
export interface LedgerSlot {
  /** Wall-clock instant at which the slot begins, a multiple of {@link SLOT_MS}. */
  readonly atMs: number;
  /** When its last interval ended. */
  readonly untilMs: number;
  /** In which hours and days are the host's. */
  readonly zone: string;
  readonly guests: readonly GuestUse[];
  readonly promises: readonly PromiseUse[];
}

/** What is written at once. */
export interface LedgerBatch extends LedgerSlot {
  /** Uses that changed, each with all that was used in its period. */
  readonly budgets: readonly BudgetUse[];
}
