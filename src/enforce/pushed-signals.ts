import type { SignalSource } from './signal-source.js';

/** Values that something outside pushed, each for ever or until an instant of monotonic time. */
export type PushedSignals = ReadonlyMap<string, { readonly value: number; readonly untilNs: bigint | null }>;

export const NOTHING_PUSHED: PushedSignals = new Map();

/** `forNs` null: until it is set again. After its time a signal is unknown. */
export function pushSignal(
  pushed: PushedSignals,
  name: string,
  value: number,
  nowNs: bigint,
  forNs: bigint | null,
): PushedSignals {
  return new Map(pushed).set(name, { value, untilNs: forNs === null ? null : nowNs + forNs });
}

/** Null: unknown. */
export function pushedValue(pushed: PushedSignals, name: string, nowNs: bigint): number | null {
  const set = pushed.get(name);
  return set === undefined || (set.untilNs !== null && nowNs >= set.untilNs) ? null : set.value;
}

/** The earliest instant at which one of them becomes unknown by itself; null: none does. */
export function nextExpiryNs(pushed: PushedSignals, nowNs: bigint): bigint | null {
  let next: bigint | null = null;
  for (const { untilNs } of pushed.values()) {
    if (untilNs !== null && untilNs > nowNs && (next === null || untilNs < next)) next = untilNs;
  }
  return next;
}

/** Sensors, and the signals of these names as they were pushed. Forecasts of those are of what was recorded of them. */
export function withPushedSignals(
  sensed: SignalSource,
  names: ReadonlySet<string>,
  pushed: PushedSignals,
  nowNs: bigint,
): SignalSource {
  return {
    latest: (signal) => (names.has(signal) ? pushedValue(pushed, signal, nowNs) : sensed.latest(signal)),
    limit: (signal, overNs, side, level) =>
      names.has(signal) && pushedValue(pushed, signal, nowNs) === null
        ? null
        : sensed.limit(signal, overNs, side, level),
  };
}
