/** What came of running parts of a replay on the simulated kernel, with the enforcer in charge. Plain JSON; rates in cores. */
export interface DetailReport {
  /** Moments that were held for a while, and changes of schedule that were gone through. */
  readonly moments: number;
  readonly changed: number;
  /** Worth it as well, and left out: the events would have been too many. */
  readonly leftOut: number;
  /** Simulated in all. */
  readonly seconds: number;
  readonly events: number;
  readonly controls: readonly ControlUse[];
  readonly changes: readonly ChangeUse[];
  readonly cores: readonly CoreUse[];
  readonly violations: number;
  /** At most the first twenty. */
  readonly first: readonly DetailViolation[];
  /** How far apart they may be before it is said. */
  readonly tolerance: { readonly cores: number; readonly part: number };
  /** How many rates were compared. */
  readonly compared: number;
  /** Rates of the fluid model that the kernel does not have: at most the first twenty. */
  readonly disagreements: readonly Disagreement[];
  readonly disagreeing: number;
  /** What the enforcer had to say, in words. */
  readonly findings: readonly string[];
}

/** One mechanism on one class, over all moments at which it was in force. */
export interface ControlUse {
  readonly class: string;
  readonly mechanism: string;
  readonly scope: 'each' | 'sum';
  /** `fraction`: of the time, that guests may run. */
  readonly unit: 'cores' | 'fraction';
  readonly bound: 'at least' | 'at most' | 'exactly';
  readonly moments: number;
  /** Means; of what was wanted. Null: nothing is promised but a proportion. */
  readonly promised: number | null;
  readonly delivered: number;
  /** In the same moments, by the fluid model; null: it does not say. */
  readonly fluid: number | null;
  /** Longest time without service that is this mechanism's doing, of a thread that wants the CPU. */
  readonly longestGapMs: number;
  /** What the plan says of it at that moment; null: nothing. */
  readonly statedGapMs: number | null;
  readonly violations: number;
}

/** A change between two schedules. */
export interface ChangeUse {
  /** Their modes' conditions. */
  readonly from: string;
  readonly to: string;
  /** RFC 9557: the one that was run. */
  readonly at: string;
  /** How often the replay has it. */
  readonly times: number;
  /** Until the last action of the enforcer. */
  readonly settledMs: number;
  /** Actions that the kernel refused at first. */
  readonly refused: number;
  /** The most on any one core meanwhile; null: no server is on one. */
  readonly peakCores: number | null;
}

/** Deadline bandwidth of a core, with what left it until its 0-lag time. */
export interface CoreUse {
  readonly core: number;
  readonly limitCores: number;
  readonly peakCores: number;
  /** Of it, during changes of schedule. */
  readonly changePeakCores: number;
}

export interface DetailViolation {
  /** In words: of whom, and what. */
  readonly what: string;
  readonly kind: 'rate' | 'gap' | 'bandwidth';
  readonly at: string;
  readonly stated: number;
  readonly measured: number;
  readonly unit: 'cores' | 'fraction' | 'ms';
}

export interface Disagreement {
  readonly class: string;
  readonly at: string;
  /** Of the mode. */
  readonly conditions: string;
  readonly fluidCores: number;
  readonly kernelCores: number;
}
