import type { HostFacts } from '../compiler/facts.js';
import type { Action, Host, Observation, Outcome } from '../enforce/index.js';
import type { HostTelemetry } from '../enforce/telemetry.js';
import type { Clock } from '../support/clock.js';

/**
 * A host that was started already, for an enforcer that starts its host: the daemon must hold the host, with everything
 * an earlier daemon left given back, before it asks for the facts that the plan is compiled against.
 */
export class StartedHost implements Host {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  async start(): Promise<void> {}

  facts(): Promise<HostFacts> {
    return this.#host.facts();
  }

  observe(): Promise<Observation> {
    return this.#host.observe();
  }

  act(action: Action): Promise<Outcome> {
    return this.#host.act(action);
  }

  telemetry(): HostTelemetry {
    return this.#host.telemetry?.() ?? { wakeUps: null, journalRecords: null };
  }

  watch(notice: () => void): () => void {
    return this.#host.watch?.(notice) ?? (() => {});
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }
}
