import type { EnforcerEvent } from '../status.js';
import type { LedgerBatch } from './ledger-batch.js';
import type { LedgerQuestion } from './ledger-reader.js';
import type { LedgerStart } from './ledger-start.js';

/** What is wrong with the ledger, and what becomes of what is measured meanwhile. */
export interface LedgerTrouble {
  readonly code: 'ledger-not-written' | 'ledger-in-use' | 'ledger-set-aside';
  readonly message: string;
  readonly fallback: string;
}

export type ToLedgerThread =
  | { readonly kind: 'open'; readonly directory: string; readonly nowMs: number }
  | { readonly kind: 'write'; readonly batch: LedgerBatch }
  | { readonly kind: 'event'; readonly event: EnforcerEvent }
  | { readonly kind: 'ask'; readonly id: number; readonly question: LedgerQuestion; readonly nowMs: number }
  | { readonly kind: 'close'; readonly nowMs: number };

export type FromLedgerThread =
  | { readonly kind: 'opened'; readonly start: LedgerStart }
  | { readonly kind: 'troubles'; readonly troubles: readonly LedgerTrouble[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'no-answer'; readonly id: number; readonly message: string }
  | { readonly kind: 'closed' };
