import type { ClassifiedGuest } from './classify.js';
import type { Desired } from './decide/desired.js';
import type { Action, Observation } from './host.js';
import type { CurrentMode } from './mode-tracker.js';

/** How things stood when the last step ended: what status shows, and the start of the interval measured next. */
export interface Applied {
  readonly mode: CurrentMode;
  readonly classified: readonly ClassifiedGuest[];
  readonly observation: Observation;
  readonly desired: Desired;
  /** What is still to be done for `desired` to be in force. */
  readonly outstanding: readonly Action[];
}
