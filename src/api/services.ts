import type { Plan } from '../compiler/plan.js';
import type { EventLog } from '../enforce/event-log.js';
import type { LedgerThread } from '../enforce/ledger/ledger-thread.js';
import type { Status } from '../enforce/status.js';
import type { Telemetry } from '../enforce/telemetry.js';
import type { Diagnostic } from '../lang/index.js';
import type { SignalStore } from '../rps/index.js';
import type { AdmissionDocument } from './admission-schema.js';
import type { RecordedHistory } from './recorded-history.js';
import type { RunningTimes } from './running-time/running-times.js';

/** What came of a policy, or plan, that was to be taken. */
export type PolicyOutcome =
  | { readonly kind: 'taken'; readonly policy: Plan['policy']; readonly diagnostics: readonly Diagnostic[] }
  /** It has errors, or (no diagnostics) could not be read: the one in force stays. */
  | { readonly kind: 'rejected'; readonly message: string; readonly diagnostics: readonly Diagnostic[] }
  /** It was to be kept, and its file could not be written: nothing is changed. */
  | { readonly kind: 'cannot-keep'; readonly message: string };

/** What the HTTP server asks of the daemon. Each is called once a request; what does not promise an answer has it in memory. */
export interface DaemonServices {
  /** Null until the first observation of the host. */
  status(): Status | null;
  plan(): Plan;
  /** Whether what a text of the language asks for would fit beside the plan in force. */
  admit(request: string): Promise<AdmissionDocument>;
  readonly events: Pick<EventLog, 'since' | 'subscribe'>;
  /** What was measured before; null: this daemon keeps no ledger. */
  readonly ledger: Pick<LedgerThread, 'ask'> | null;
  readonly signals: Pick<SignalStore, 'forecast' | 'revision' | 'signal' | 'signals'>;
  /** What was recorded of a signal, also by daemons before this one. Rejects with a LedgerUnavailableError. */
  readonly samples: RecordedHistory['samples'];
  /** Calls the listener after each round of samples; answers what ends that. */
  onSample(listener: () => void): () => void;
  readonly runningTimes: Pick<RunningTimes, 'ask' | 'tell'>;
  /** What only metrics and probes want to know. */
  telemetry(): Telemetry;
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
  /** Takes the text of a policy, or of a plan, in the place of the one in force; `keep`: and of the file's. */
  replacePolicy(text: string, options: { readonly keep: boolean }): Promise<PolicyOutcome>;
  /** Takes the daemon's file as it is now. */
  reload(): Promise<PolicyOutcome>;
  /** Gives everything back; the daemon ends after that. */
  release(): Promise<void>;
}
