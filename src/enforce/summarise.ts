import type { Setting } from '../compiler/plan.js';
import { formatDuration } from '../support/duration.js';

/** A setting as an owner would say it: "20ms every 100ms", "weight 300", "at most 1.5 cores", "paused". */
export function summarise(setting: Setting): string {
  const known = texts.get(setting);
  if (known !== undefined) return known;
  const text = textOf(setting);
  texts.set(setting, text);
  return text;
}

/** Settings are parts of plans, which nobody changes; every step asks of each for each guest. */
const texts = new WeakMap<Setting, string>();

function textOf(setting: Setting): string {
  switch (setting.mechanism) {
    case 'reservation':
      return `${formatDuration(setting.budgetNs)} every ${formatDuration(setting.periodNs)}`;
    case 'share':
      if (setting.idle) return 'yields';
      return setting.floorCores === null
        ? `weight ${setting.weight}`
        : `weight ${setting.weight}, at least ${cores(setting.floorCores)}`;
    case 'quota':
      return setting.elastic
        ? `at most ${cores(setting.elastic.fromCores)} to ${cores(setting.elastic.toCores)}`
        : `at most ${cores(setting.ceilingCores)}`;
    case 'duty':
    case 'freezer':
      return setting.runNs === 0
        ? 'paused'
        : `${formatDuration(setting.runNs)} every ${formatDuration(setting.periodNs)}`;
    case 'placement':
      return `on cores ${setting.cores.join(',')}`;
    case 'stop':
      return `ended within ${formatDuration(setting.withinNs)}`;
    case 'memory':
      return bounds([
        ['at least', setting.floorBytes, 'B'],
        ['at most', setting.ceilingBytes, 'B'],
      ]);
    case 'disk':
      return bounds([
        ['at most', setting.bytesPerSecond, 'B/s'],
        ['at most', setting.iops, 'iops'],
      ]);
    case 'network':
      return bounds([['at most', setting.bytesPerSecond, 'B/s']]);
  }
}

const bounds = (all: readonly (readonly [string, number | null, string])[]): string =>
  all.flatMap(([how, amount, unit]) => (amount === null ? [] : `${how} ${amount} ${unit}`)).join(', ');

function cores(amount: number): string {
  const rounded = Number(amount.toFixed(3));
  return `${rounded} ${rounded === 1 ? 'core' : 'cores'}`;
}
