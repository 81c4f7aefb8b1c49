import type { SignalSource } from '../signal-source.js';
import type { SimulatedHost } from './simulated-host.js';

/**
 * Sensors of a simulated host. `owner.demand` comes from the host; every other signal, and every prediction limit, is
 * what it was set to, and unknown until then. Set, a signal is the same whatever the host does.
 */
export class SimulatedSignals implements SignalSource {
  readonly #host: SimulatedHost;
  readonly #values = new Map<string, number | null>();
  readonly #limits = new Map<string, number | null>();

  constructor(host: SimulatedHost) {
    this.#host = host;
  }

  /** Null: lost. */
  set(signal: string, value: number | null): void {
    this.#values.set(signal, value);
  }

  setLimit(signal: string, value: number | null): void {
    this.#limits.set(signal, value);
  }

  latest(signal: string): number | null {
    const value = this.#values.get(signal);
    if (value !== undefined) return value;
    return signal === 'owner.demand' ? this.#host.ownerDemandPercent() : null;
  }

  limit(signal: string): number | null {
    return this.#limits.get(signal) ?? null;
  }
}
