import type { QmpDrive, Throttle } from '../../../qemu/index.js';
import type { SettingOfKnob } from './guest-knob.js';

/** The throttle group of ours in each guest: its drives share what the guest may have. */
export const OUR_GROUP = 'vmc';

export const NOT_THROTTLED: Throttle = { numbers: {}, group: null };

const DIMENSIONS = [
  { total: 'bps', parts: ['bps_rd', 'bps_wr'], limit: 'bytesPerSecond' },
  { total: 'iops', parts: ['iops_rd', 'iops_wr'], limit: 'iops' },
] as const;

/**
 * How each drive of a guest is to be throttled, so that all of them together stay within the setting. A drive that its user
 * throttled stays so where what those drives may have leaves something for the others; else it shares ours with all. Pure.
 * `before`: how the drives were throttled when we found them, in the order of the answer.
 */
export function driveThrottles(
  setting: SettingOfKnob<'disk'>,
  before: readonly Throttle[],
): readonly Throttle[] {
  const throttled = before.filter(({ numbers }) => Object.keys(numbers).length > 0);
  const rest = new Map(
    DIMENSIONS.flatMap(({ total, limit }) => {
      const amount = setting[limit];
      return amount === null ? [] : [[total, amount - sumOf(throttled, total)] as const];
    }),
  );
  const kept = [...rest.values()].every((amount) => amount >= 1);
  const numbers = Object.fromEntries(
    DIMENSIONS.flatMap(({ total, limit }) => {
      const amount = kept ? rest.get(total) : setting[limit];
      return amount === null || amount === undefined ? [] : [[total, Math.max(amount, 1)]];
    }),
  );
  return before.map((one) => (kept && throttled.includes(one) ? one : { numbers, group: OUR_GROUP }));
}

/** What drives with limits of their own may use together; infinite where one of them has none of this kind. */
function sumOf(throttles: readonly Throttle[], kind: 'bps' | 'iops'): number {
  return throttles.reduce((sum, { numbers, group }, at) => {
    // Drives of one group share its numbers.
    const shared = group !== null && throttles.findIndex((other) => other.group === group) < at;
    return shared ? sum : sum + bound(numbers, kind);
  }, 0);
}

function bound(numbers: Throttle['numbers'], kind: 'bps' | 'iops'): number {
  const { parts } = DIMENSIONS.find(({ total }) => total === kind) ?? DIMENSIONS[0];
  const [read, write] = parts.map((name) => numbers[name] || Number.POSITIVE_INFINITY);
  return numbers[kind] || (read ?? 0) + (write ?? 0);
}

/** Whether a drive is throttled as is wanted; QEMU names a group of its own where none was asked for. */
export function isThrottledSo({ throttle }: QmpDrive, wanted: Throttle): boolean {
  const text = ({ numbers }: Throttle) => JSON.stringify(Object.entries(numbers).sort());
  return text(throttle) === text(wanted) && (wanted.group === null || throttle.group === wanted.group);
}
