import type { Outcome, Subject } from '../../lang/model.js';
import type { Reason } from './reason.js';

/** Something said of a subject, to be found true or not. */
export interface Statement {
  readonly subject: Subject;
  /** Of every member instead of their sum. */
  readonly each: boolean;
  readonly outcome: Outcome;
}

export interface Judgement {
  readonly holds: boolean;
  /** "at most 2 cores (25% of cpu)": what was said, in the units of the answer. */
  readonly expected: string;
  /** "can get 3 cores (37.5% of cpu)": what is so. */
  readonly got: string;
  /** The sentences and declarations that decide it. */
  readonly reasons: readonly Reason[];
}
