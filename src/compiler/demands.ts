import type { Sentence } from '../lang/model.js';
import type { Rational } from '../support/rational.js';
import type { HostMechanism } from './facts.js';
import type { VcpuServer } from './reservation-form.js';

/** A number of cores that sentences ask for: a floor or a ceiling. */
export interface Bound {
  readonly cores: Rational;
  /** Those that fix the number. */
  readonly sentences: readonly Sentence[];
  readonly mechanism: HostMechanism;
}

export interface ReservationDemand {
  /** Servers of a guest, one for each of its vCPUs. */
  readonly vcpus: readonly VcpuServer[];
  readonly sentences: readonly Sentence[];
}

export interface DutyDemand {
  /** 0: paused. */
  readonly runNs: bigint;
  readonly periodNs: bigint;
  readonly sentences: readonly Sentence[];
  readonly mechanism: 'duty' | 'freezer';
}

export type ShareSentence = Extract<Sentence, { kind: 'share' }>;

/** What the sentences in force add up to, by key of the subject; `each` bounds, reservations and duties by class. */
export interface Demands {
  readonly keep: Bound | null;
  readonly sumCeilings: ReadonlyMap<string, Bound>;
  readonly eachCeilings: ReadonlyMap<string, Bound>;
  readonly floors: ReadonlyMap<string, Bound>;
  readonly reservations: ReadonlyMap<string, ReservationDemand>;
  readonly duties: ReadonlyMap<string, DutyDemand>;
  readonly shares: readonly { readonly sentence: ShareSentence; readonly mechanism: HostMechanism }[];
}

/** Paused guests: a duty cycle without running time; the period only says how often that is looked at. */
export const PAUSE_PERIOD_NS = 1_000_000_000n;
