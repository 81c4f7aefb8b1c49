import type { Sentence, SignalSubject } from '../../lang/model.js';
import type { Rational } from '../../support/rational.js';
import type { HostMechanism } from '../facts.js';
import type { VcpuServer } from '../reservations/reservation-form.js';

/** A number of cores that sentences ask for: a floor or a ceiling. */
export interface Bound {
  readonly cores: Rational;
  /** Those that fix the number. */
  readonly sentences: readonly Sentence[];
  readonly mechanism: HostMechanism;
}

/**
 * While sentences are combined: their list belongs to one demand alone and is added to, for a copy for each of
 * thousands would be quadratic.
 */
export type Growing<T extends { readonly sentences: readonly Sentence[] }> = Omit<T, 'sentences'> & {
  readonly sentences: Sentence[];
};

/** A ceiling in cores that follows a signal: `base` less the signal, kept within [`from`, `to`]. */
export interface ElasticDemand {
  readonly key: string;
  readonly scope: 'each' | 'sum';
  readonly base: Rational;
  readonly minus: SignalSubject;
  readonly from: Rational;
  readonly to: Rational;
  readonly sentence: Sentence;
}

export interface ReservationDemand {
  /** Servers of a guest, one for each of its vCPUs. */
  readonly vcpus: readonly VcpuServer[];
  readonly sentences: readonly Sentence[];
  /** The kernel's servers, or a timetable at real-time priority in which all vCPUs have the same cycle. */
  readonly mechanism: 'reservation' | 'duty' | 'freezer';
}

export interface DutyDemand {
  /** 0: paused. */
  readonly runNs: bigint;
  readonly periodNs: bigint;
  readonly sentences: readonly Sentence[];
  readonly mechanism: 'duty' | 'freezer';
}

/** Proportions under contention; of an equal division every part is 1. */
export interface ShareDemand {
  readonly sentence: Sentence;
  readonly parts: readonly { readonly key: string; readonly proportion: Rational }[];
  readonly mechanism: HostMechanism;
}

export interface PlacementDemand {
  /** Ascending, not empty. */
  readonly cores: readonly number[];
  readonly sentences: readonly Sentence[];
}

export interface StopDemand {
  readonly withinNs: bigint;
  readonly sentences: readonly Sentence[];
}

/** Bytes, bytes a second or operations a second. */
export interface AmountBound {
  readonly amount: Rational;
  readonly sentences: readonly Sentence[];
}

/** By key of the subject: on the sum of its guests, and on each (there by class, and `others`). */
export interface ScopedBounds {
  readonly sum: ReadonlyMap<string, AmountBound>;
  readonly each: ReadonlyMap<string, AmountBound>;
}

/**
 * What the sentences in force add up to, by key of the subject. Reservations, duty cycles, yields, placements and stops
 * are of classes, and of `others`; `each` bounds likewise, and a class of one guest has its bounds under `sum`.
 */
export interface Demands {
  /** Cores. */
  readonly keep: Bound | null;
  /** Of an elastic ceiling the upper end; the lower where only a plain number can be kept. */
  readonly sumCeilings: ReadonlyMap<string, Bound>;
  readonly eachCeilings: ReadonlyMap<string, Bound>;
  /** Elastic ceilings that are kept as such. */
  readonly elastics: readonly ElasticDemand[];
  readonly floors: ReadonlyMap<string, Bound>;
  readonly reservations: ReadonlyMap<string, ReservationDemand>;
  readonly duties: ReadonlyMap<string, DutyDemand>;
  readonly shares: readonly ShareDemand[];
  /** Who runs only when nothing else wants the CPU, and by which sentences. */
  readonly yields: ReadonlyMap<string, readonly Sentence[]>;
  readonly placements: ReadonlyMap<string, PlacementDemand>;
  readonly stops: ReadonlyMap<string, StopDemand>;
  readonly memoryKept: AmountBound | null;
  readonly memoryCeilings: ScopedBounds;
  readonly memoryFloors: ScopedBounds;
  readonly diskRates: ScopedBounds;
  readonly diskOperations: ScopedBounds;
  readonly networkRates: ScopedBounds;
}

/** Paused guests: a duty cycle without running time; the period only says how often that is looked at. */
export const PAUSE_PERIOD_NS = 1_000_000_000n;
