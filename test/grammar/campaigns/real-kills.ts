import { canSetScheduling } from '../../../src/enforce/linux/capability.js';
import { findCgroupMounts } from '../../../src/enforce/linux/mounts.js';
import { KillTrial } from '../../enforce/linux/kills/kill-trial.js';
import type { Campaign } from './campaign.js';

/** The real daemon on the real kernel with real guests: docs/faults.md. */
export const realKills: Campaign = {
  name: 'real kills',
  claim:
    'Whoever is killed at whatever instant, every guest runs that ran before, and everything is what it was',
  nightlyInputs: 500,
  isAlone: true,
  unavailable: () =>
    canSetScheduling() && findCgroupMounts().version === 1
      ? null
      : 'it needs root and a writable cgroup v1 cpu controller',
  begin: () => KillTrial.begin(),
};
