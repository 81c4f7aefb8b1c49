import type { Setting } from '../../compiler/plan.js';
import type { ControlUse } from '../report/detail-report.js';

/** A while without service, in the time of the stage. */
export interface Gap {
  readonly lengthNs: number;
  readonly fromNs: number;
  /** Null: the plan says nothing. */
  readonly statedNs: number | null;
}

/** One mechanism of a schedule over one moment that was held. */
export interface MeasuredControl
  extends Pick<ControlUse, 'unit' | 'bound' | 'promised' | 'delivered' | 'fluid'> {
  readonly setting: Setting;
  /** What the ends of the measured time can come to: a budget more or less. Cores. */
  readonly edge: number;
  /** The one that comes nearest to what is stated. */
  readonly gap: Gap | null;
}

/** The gap that takes the largest part of what is stated of it; where nothing is stated of any, the longest. */
export function worstGap(gaps: readonly (Gap | null)[]): Gap | null {
  const part = ({ lengthNs, statedNs }: Gap) =>
    statedNs === null ? -1 / (1 + lengthNs) : lengthNs / statedNs;
  return gaps.reduce<Gap | null>((worst, gap) => {
    if (gap === null) return worst;
    return worst === null || part(gap) > part(worst) ? gap : worst;
  }, null);
}
