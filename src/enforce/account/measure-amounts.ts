import type { SettingOf } from '../../compiler/plan.js';
import type { Amounts } from './amounts.js';
import type { ControlSample } from './sample.js';
import type { Interval } from './usage.js';

type AmountSetting = SettingOf<'memory' | 'disk' | 'network'>;
type Numbers = Omit<ControlSample, 'guest' | 'setting'>;

/**
 * A limit of memory, disk or network against what the guest had. What is for a sum has been divided among those that have
 * something of that kind, and it is its part that the guest is measured against. Null: nothing new is known.
 */
export function measureAmount(
  setting: AmountSetting,
  own: Amounts,
  members: readonly Amounts[],
  { elapsedNs }: Interval,
): Numbers | null {
  const sharers =
    setting.scope === 'each' ? 1 : members.filter(({ lacks }) => !lacks.includes(setting.mechanism)).length;
  const measured = amountOf(setting, own, elapsedNs);
  if (measured === null || sharers === 0) return null;
  const { unit, bound, limit, amount, baseNs } = measured;
  return { unit, bound, promisedNs: (limit / sharers) * baseNs, deliveredNs: amount * baseNs, baseNs };
}

interface Measured extends Pick<Numbers, 'unit' | 'bound' | 'baseNs'> {
  readonly limit: number;
  readonly amount: number;
}

function amountOf(setting: AmountSetting, own: Amounts, elapsedNs: number): Measured | null {
  switch (setting.mechanism) {
    case 'memory': {
      const { ceilingBytes, floorBytes } = setting;
      const [bound, limit] =
        ceilingBytes === null ? (['at-least', floorBytes] as const) : (['at-most', ceilingBytes] as const);
      if (own.memoryBytes === undefined || limit === null) return null;
      return { unit: 'bytes', bound, limit, amount: own.memoryBytes, baseNs: elapsedNs };
    }
    case 'disk': {
      if (!own.disk) return null;
      const { bytes, operations, elapsedNs: baseNs } = own.disk;
      const bound = 'at-most';
      if (setting.bytesPerSecond !== null) {
        return { unit: 'bytes-per-second', bound, limit: setting.bytesPerSecond, amount: bytes, baseNs };
      }
      if (setting.iops === null) return null;
      return { unit: 'operations-per-second', bound, limit: setting.iops, amount: operations, baseNs };
    }
    case 'network': {
      if (!own.network) return null;
      // The limit is one in each direction: the busier one is what comes close to it.
      const { inBytes, outBytes, elapsedNs: baseNs } = own.network;
      const amount = Math.max(inBytes, outBytes);
      return { unit: 'bytes-per-second', bound: 'at-most', limit: setting.bytesPerSecond, amount, baseNs };
    }
  }
}
