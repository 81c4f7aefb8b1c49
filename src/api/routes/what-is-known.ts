import { LedgerUnavailableError } from '../../enforce/ledger/ledger-thread.js';
import { ProblemError } from '../problem.js';

/** An answer from disk; rejects with a problem where the disk cannot be asked now. */
export async function whatIsKnown<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof LedgerUnavailableError) throw new ProblemError('not-ready', error.message);
    throw error;
  }
}
