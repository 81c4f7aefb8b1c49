import type { SignalSource } from './signal-source.js';

/** A source whose failures are unknown values: a sensor that throws must not keep the others from being heard. */
export function safeSignals(source: SignalSource): SignalSource {
  return {
    latest: (signal) => orUnknown(() => source.latest(signal)),
    limit: (signal, overNs, side, level) => orUnknown(() => source.limit(signal, overNs, side, level)),
  };
}

function orUnknown(read: () => number | null): number | null {
  try {
    const value = read();
    return value === null || Number.isNaN(value) ? null : value;
  } catch {
    return null;
  }
}
