import { type Range, UNBOUNDED } from './range.js';

/**
 * As the policy language writes it; `number` has none, `boolean` is 1 or 0. `B` is bytes, `C` degrees
 * Celsius.
 */
export type SignalUnit = '% of cpu' | '%' | 'B' | 'C' | 'number' | 'boolean';

export interface SignalSpec {
  readonly unit: SignalUnit;
  /** Forecasts are clipped to it. */
  readonly range: Range;
}

const PERCENT: Range = { minimum: 0, maximum: 100 };
const POSITIVE: Range = { minimum: 0, maximum: Number.POSITIVE_INFINITY };
const CPU: SignalSpec = { unit: '% of cpu', range: PERCENT };
const SHARE: SignalSpec = { unit: '%', range: PERCENT };
const BOOLEAN: SignalSpec = { unit: 'boolean', range: { minimum: 0, maximum: 1 } };
const COUNT: SignalSpec = { unit: 'number', range: POSITIVE };

const HOST_SIGNALS: Readonly<Record<string, SignalSpec>> = {
  'host.cpu': CPU,
  'owner.cpu': CPU,
  'owner.demand': CPU,
  'guests.cpu': CPU,
  'host.load': COUNT,
  'host.memory.available': { unit: 'B', range: POSITIVE },
  'host.pressure.cpu': SHARE,
  'host.pressure.memory': SHARE,
  'host.pressure.io': SHARE,
  'host.temperature': { unit: 'C', range: UNBOUNDED },
  'host.battery': SHARE,
  'host.on-battery': BOOLEAN,
};

/**
 * What a signal of a class (`NAME.…`) or of one guest (`guest.KEY.…`) is, by the word after the last point.
 */
const GUEST_SIGNALS: Readonly<Record<string, SignalSpec>> = {
  cpu: CPU,
  count: COUNT,
  running: BOOLEAN,
};

/** Unit and range of a signal that this folder senses; anything else is a plain number without bounds. */
export function signalSpec(signal: string): SignalSpec {
  const host = HOST_SIGNALS[signal];
  if (host !== undefined) return host;
  const guest = GUEST_SIGNALS[signal.slice(signal.lastIndexOf('.') + 1)];
  return guest ?? { unit: 'number', range: UNBOUNDED };
}

/** CPU use of one guest; `key` is its `PID-STARTTIME`. */
export const guestCpuSignal = (key: string): string => `guest.${key}.cpu`;
