import type { Place } from '../../lang/model.js';
import type { HostMechanism } from '../facts.js';

/** One thing that a subject gets, from the sentences to the number. */
export interface Point {
  readonly topic: Topic;
  /** "at most 2 cores (25% of cpu)". */
  readonly says: string;
  /** Those that decide it first, then others that have a part in it. */
  readonly from: readonly Contribution[];
  /** Amounts of which the number is the least, each with its arithmetic; none where it is no such number. */
  readonly leastOf: readonly string[];
  /** How it comes about otherwise, and the proof, line by line. */
  readonly steps: readonly string[];
  /** What keeps it; none where that is the business of other points, or of nobody. */
  readonly means: readonly Means[];
}

export type Topic =
  | 'running'
  | 'reservation'
  | 'most'
  | 'least'
  | 'weights'
  | 'placement'
  | 'memory'
  | 'disk'
  | 'network'
  | 'budget';

/** A sentence or declaration with its part in something. */
export interface Contribution {
  /** As written, white space folded. */
  readonly text: string;
  readonly place: Place;
  /** "limits the sum to 2 cores (25% of cpu)". */
  readonly role: string;
  readonly decides: boolean;
  /** False: in force only because it is unknown whether its condition holds. */
  readonly certain: boolean;
  /** What has to hold for it to be in force, in the owner's words; null: nothing. */
  readonly when: string | null;
}

/** A mechanism that keeps what a point says. */
export interface Means {
  readonly mechanism: HostMechanism | 'stop' | 'memory' | 'disk' | 'network';
  /** Key of the subject on which it acts, which may be one around the explained one. */
  readonly on: string;
  /** "at most 2 cores, counted every 100ms". */
  readonly numbers: string;
  /** "bounded: longest gap 75ms". */
  readonly fidelity: string;
  /** Why this mechanism: "the first choice for 'limit'". */
  readonly why: string;
  /** What it does, in the words of someone who has to live with it. */
  readonly does: string;
}
