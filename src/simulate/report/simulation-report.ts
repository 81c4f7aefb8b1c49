import type { DetailReport } from './detail-report.js';

/** What came of a replay; plain JSON. Rates are in cores, means over the simulated time. */
export interface SimulationReport {
  readonly policy: string;
  /** RFC 9557. */
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  readonly stepSeconds: number;
  readonly cores: number;
  /** What the replay took for granted. */
  readonly notes: readonly string[];
  /** By time, the longest first. */
  readonly modes: readonly ModeUse[];
  readonly modeChanges: number;
  readonly modeChangesPerDay: number;
  readonly owner: OwnerUse;
  readonly idleCores: number;
  readonly classes: readonly ClassUse[];
  readonly promises: readonly PromiseUse[];
  readonly budgets: readonly BudgetReport[];
  /** Only where it is asked for. */
  readonly detail: DetailReport | null;
}

export interface ModeUse {
  readonly mode: string;
  /** Its conditions and their values. */
  readonly conditions: string;
  /** Of the time, in [0, 1]. */
  readonly share: number;
  readonly seconds: number;
  readonly entered: number;
}

export interface OwnerUse {
  readonly wantedCores: number;
  readonly deliveredCores: number;
  readonly unmetCoreHours: number;
  /** Part of the time in which it wanted more than it had. */
  readonly unmetShare: number;
  readonly mostUnmetCores: number;
}

export interface ClassUse {
  readonly class: string;
  /** Mean number of guests. */
  readonly guests: number;
  readonly wantedCores: number;
  readonly deliveredCores: number;
  /** Least that it had while it wanted any; null: it never did. */
  readonly leastCores: number | null;
  readonly deliveredCoreHours: number;
  /** Longest time in which it wanted CPU and had none. */
  readonly longestPauseSeconds: number;
  /**
   * Longest time without service that a guest of it can have had: the longest pause, or the gap that the mechanisms in
   * force can cause. Null: not even that is bounded, for weights alone decided.
   */
  readonly worstGapSeconds: number | null;
}

export interface PromiseUse {
  readonly subject: string;
  readonly kind: 'kept' | 'floor' | 'floor each' | 'reservation';
  /** What is promised of what was wanted, and what came of it, while it was promised. */
  readonly promisedCores: number;
  readonly deliveredCores: number;
  /** For so long it was promised. */
  readonly seconds: number;
  readonly shortSeconds: number;
  readonly shortCoreHours: number;
  readonly violations: number;
  readonly longestViolationSeconds: number;
  /** At most the first ten. */
  readonly first: readonly { readonly at: string; readonly seconds: number; readonly shortCores: number }[];
}

export interface BudgetReport {
  readonly budget: string;
  readonly allowedCoreHours: number;
  readonly per: 'day' | 'week' | 'month';
  readonly periods: number;
  readonly periodsSpent: number;
  readonly spentSeconds: number;
  readonly mostCoreHours: number;
  /** When it was used up: at most the first ten. */
  readonly spentAt: readonly string[];
}
