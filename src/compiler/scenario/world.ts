import type { Calendar, SignalSubject } from '../../lang/model.js';
import type { Rational } from '../../support/rational.js';
import type { Truth } from '../plan.js';

/** A signal's value in the unit in which sensors report; `large`: above every threshold. */
export type SignalValue = Rational | 'large' | 'unknown';

/** What a test says of the world, everything that it leaves out included. */
export interface World {
  readonly calendar: (calendar: Calendar) => Truth;
  readonly switch: (name: string) => boolean;
  readonly signal: (name: string) => Truth;
  readonly process: (pattern: string) => boolean;
  /** By index of the budget's sentence. */
  readonly spent: (budget: number) => boolean;
  readonly value: (subject: SignalSubject) => SignalValue;
}
