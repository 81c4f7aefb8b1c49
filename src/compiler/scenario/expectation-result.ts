import type { Expectation } from '../../lang/model.js';
import type { Reason } from '../claims/reason.js';

/** What became of an expectation. */
export interface ExpectationResult {
  readonly expectation: Expectation;
  readonly met: boolean;
  /** "batch", "each batch", "that". */
  readonly subject: string;
  readonly expected: string;
  readonly got: string;
  readonly reasons: readonly Reason[];
  /** What might help, in a sentence. */
  readonly advice: string | null;
}
