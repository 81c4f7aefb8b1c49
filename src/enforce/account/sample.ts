import type { Setting } from '../../compiler/plan.js';
import type { Measure } from '../status.js';

/** What one control promised and what came of it over one interval between two observations. */
export interface ControlSample {
  readonly guest: string;
  readonly setting: Setting;
  readonly unit: Measure['unit'];
  readonly bound: Measure['bound'];
  /** In the unit times ns: both are to be divided by `baseNs`, one interval's or the sum over many. */
  readonly promisedNs: number;
  readonly deliveredNs: number;
  readonly baseNs: number;
}

/** Names a control of a guest across modes: settings of one kind on one subject are one control. */
export const controlId = (setting: Setting): string =>
  `${setting.mechanism} ${setting.scope} ${setting.subject} ${setting.class}`;
