import { type CoreCosts, HIGH, leastOf } from './core-costs.js';
import type { VisitorClass } from './preemption-round.js';

/** What `vmc calibrate` found out about this machine, and keeps (schemas/calibration.schema.json). */
export interface Calibration {
  readonly calibrationVersion: 1;
  /** `uname -r`: what was measured is the kernel's as much as the machine's. */
  readonly kernelRelease: string;
  /** ISO 8601, UTC. */
  readonly measuredAt: string;
  /** What the two context switches of a server cost in each of its periods: `highNs` of the dearest core, in whole us. */
  readonly contextSwitchesNs: number;
  /** Which part of all preemptions cost at most that. */
  readonly quantile: number;
  /** The class that preempted. */
  readonly scheduling: VisitorClass;
  readonly cores: readonly CoreCosts[];
}

const NS_PER_US = 1000;

/** Of the cores that could be measured, at least one. */
export function calibrationOf(
  cores: readonly CoreCosts[],
  { kernelRelease, measuredAt }: { readonly kernelRelease: string; readonly measuredAt: Date },
): Calibration {
  const dearestNs = Math.max(...cores.map(({ highNs }) => highNs));
  return {
    calibrationVersion: 1,
    kernelRelease,
    measuredAt: measuredAt.toISOString(),
    contextSwitchesNs: Math.ceil(dearestNs / NS_PER_US) * NS_PER_US,
    quantile: HIGH,
    scheduling: leastOf(cores.map(({ scheduling }) => scheduling)),
    cores,
  };
}
