import type { Plan } from '../compiler/plan.js';
import type { EventLog } from '../enforce/event-log.js';
import type { Status } from '../enforce/status.js';
import type { SignalStore } from '../rps/index.js';

/** What the HTTP server asks of the daemon. Each is called once a request and answers from memory at once. */
export interface DaemonServices {
  /** Null until the first observation of the host. */
  status(): Status | null;
  plan(): Plan;
  readonly events: Pick<EventLog, 'since' | 'subscribe'>;
  readonly signals: Pick<SignalStore, 'forecast' | 'history' | 'signals'>;
  /** False: the policy has no such switch. `forNs` null: until it is set again. */
  setSwitch(name: string, on: boolean, forNs: bigint | null): boolean;
  /**
   * Pushes a value of a signal, as written or in the unit of its thresholds; `forNs` null: until it is pushed again.
   * `unknown`: the policy has no such signal; else what it takes, for example, where this is no value of its type.
   */
  pushSignal(
    name: string,
    value: string | number,
    forNs: bigint | null,
  ): 'done' | 'unknown' | { readonly takes: string };
  /** Gives everything back; the daemon ends after that. */
  release(): Promise<void>;
}
