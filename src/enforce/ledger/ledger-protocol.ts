import type { HistoryBlock } from '../../rps/history/history-block.js';
import type { HistoryAnswers, HistoryQuestion } from '../history/history-reader.js';
import type { EnforcerEvent } from '../status.js';
import type { DatabaseTrouble } from './kept-database.js';
import type { LedgerBatch } from './ledger-batch.js';
import type { LedgerAnswers, LedgerQuestion } from './ledger-reader.js';
import type { LedgerStart } from './ledger-start.js';

/** What can be asked about the past: what was used and promised, and what was sensed. */
export type PastQuestion = LedgerQuestion | HistoryQuestion;

export type PastAnswers = LedgerAnswers & HistoryAnswers;

export type ToLedgerThread =
  | { readonly kind: 'open'; readonly directory: string; readonly nowMs: number }
  | { readonly kind: 'write'; readonly batch: LedgerBatch }
  | { readonly kind: 'event'; readonly event: EnforcerEvent }
  | { readonly kind: 'record'; readonly blocks: readonly HistoryBlock[]; readonly nowMs: number }
  | { readonly kind: 'ask'; readonly id: number; readonly question: PastQuestion; readonly nowMs: number }
  | { readonly kind: 'close'; readonly nowMs: number };

export type FromLedgerThread =
  | { readonly kind: 'opened'; readonly start: LedgerStart }
  | { readonly kind: 'troubles'; readonly troubles: readonly DatabaseTrouble[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'no-answer'; readonly id: number; readonly message: string }
  | { readonly kind: 'closed' };
