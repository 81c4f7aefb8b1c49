import type { Setting } from '../compiler/plan.js';
import { formatDuration } from '../support/duration.js';

/** A setting as an owner would say it: "20ms every 100ms", "weight 300", "at most 1.5 cores", "paused". */
export function summarise(setting: Setting): string {
  switch (setting.mechanism) {
    case 'reservation':
      return `${formatDuration(setting.budgetNs)} every ${formatDuration(setting.periodNs)}`;
    case 'share':
      return setting.floorCores === null
        ? `weight ${setting.weight}`
        : `weight ${setting.weight}, at least ${cores(setting.floorCores)}`;
    case 'quota':
      return `at most ${cores(setting.ceilingCores)}`;
    case 'duty':
    case 'freezer':
      return setting.runNs === 0
        ? 'paused'
        : `${formatDuration(setting.runNs)} every ${formatDuration(setting.periodNs)}`;
    case 'placement':
      return `on cores ${setting.cores.join(',')}`;
  }
}

function cores(amount: number): string {
  const rounded = Number(amount.toFixed(3));
  return `${rounded} ${rounded === 1 ? 'core' : 'cores'}`;
}
