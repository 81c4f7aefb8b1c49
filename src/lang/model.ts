import type { Rational } from '../support/rational.js';
import type { Range } from './source.js';

/**
 * The model: what a policy says, with names resolved, units normalised and every check of the language passed.
 * It is all that the compiler sees of a policy; spans lead back to the text.
 */
export interface Model {
  /** As given to the parser; `because` entries of the plan name it. */
  readonly file: string;
  readonly host: HostDeclaration;
  /** In file order: the first class that matches a guest takes it. */
  readonly classes: readonly GuestClass[];
  readonly unions: readonly ClassUnion[];
  readonly switches: readonly SwitchDeclaration[];
  readonly conditions: readonly NamedCondition[];
  readonly sentences: readonly Sentence[];
}

export interface Place {
  readonly file: string;
  readonly range: Range;
}

export type MechanismName = 'reservation' | 'share' | 'quota' | 'duty' | 'freezer';

/** `host { … }`: null where the policy leaves it to the host facts. */
export interface HostDeclaration {
  readonly cores: number | null;
  readonly memoryBytes: bigint | null;
  readonly timezone: string | null;
  readonly mechanisms: readonly MechanismName[] | null;
  readonly place: Place | null;
}

/** `vm` (at most one guest) or `group … up to N vms`. */
export interface GuestClass {
  readonly name: string;
  readonly kind: 'vm' | 'group';
  readonly maxGuests: number;
  readonly vcpus: number;
  readonly memoryBytes: bigint | null;
  /** Server of QEMU's main loop when a guest holds a reservation. Default 0.5 ms every 10 ms. */
  readonly overhead: { readonly budgetNs: bigint; readonly periodNs: bigint };
  /** Alternatives; within one, all must match. */
  readonly matchers: readonly (readonly Matcher[])[];
  readonly place: Place;
}

export interface Matcher {
  readonly attribute: 'name' | 'user' | 'uuid' | 'unit' | 'cgroup' | 'arg';
  /** A shell glob (`*`, `?`, `[a-z]`); a bare `user` name has none of its characters. */
  readonly pattern: string;
}

export interface ClassUnion {
  readonly name: string;
  /** Names of classes or unions. */
  readonly members: readonly string[];
  readonly place: Place;
}

export interface SwitchDeclaration {
  readonly name: string;
  readonly place: Place;
}

export interface NamedCondition {
  readonly name: string;
  readonly condition: Condition;
  readonly place: Place;
}

/** Names and `let`s are already replaced by what they stand for; `name` remembers the `let` for messages and mode names. */
export type Condition =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'assuming'; readonly operand: Condition; readonly value: boolean }
  | { readonly kind: 'named'; readonly name: string; readonly condition: Condition }
  | { readonly kind: 'calendar'; readonly calendar: Calendar }
  | { readonly kind: 'switch'; readonly name: string }
  | { readonly kind: 'signal'; readonly signal: string }
  | {
      readonly kind: 'comparison';
      readonly subject: SignalSubject;
      readonly start: Threshold;
      /** Without `until` the same threshold both starts and ends it. */
      readonly until: Threshold | null;
    };

export type ComparisonOperator = '<' | '<=' | '>' | '>=';

export interface Threshold {
  readonly operator: ComparisonOperator;
  readonly quantity: Quantity;
  /** How long the comparison must hold without a break; 0 when absent. */
  readonly forNs: bigint;
}

/** `signal` is the canonical dotted name (`owner.demand`, `batch.cpu`; a class name that is no bare name stays quoted). */
export type SignalSubject =
  | { readonly kind: 'signal'; readonly signal: string }
  | {
      readonly kind: 'forecast';
      readonly signal: string;
      readonly overNs: bigint;
      readonly side: 'upper' | 'lower';
      /** In (0, 1). */
      readonly level: Rational;
    };

/** CPU: `cores` absolute, or `hostFraction` of all cores (1 = the whole host). */
export type CpuAmount =
  | { readonly kind: 'cores'; readonly cores: Rational }
  | { readonly kind: 'host-fraction'; readonly fraction: Rational };

export type Quantity =
  | CpuAmount
  /** Bare `60%` of a signal that is a percentage but not of CPU (pressure, battery). */
  | { readonly kind: 'percent'; readonly percent: Rational }
  | { readonly kind: 'time'; readonly ns: bigint }
  | { readonly kind: 'size'; readonly bytes: Rational }
  | { readonly kind: 'memory-fraction'; readonly fraction: Rational }
  | { readonly kind: 'rate'; readonly bytesPerSecond: Rational }
  | { readonly kind: 'temperature'; readonly celsius: Rational }
  | { readonly kind: 'number'; readonly value: Rational };

/** A set of instants of wall-clock time in the host's zone. */
export type Calendar =
  | { readonly kind: 'days'; readonly weekdays: readonly Weekday[]; readonly windows: readonly ClockWindow[] }
  | {
      readonly kind: 'dates';
      readonly ranges: readonly DateRange[];
      readonly windows: readonly ClockWindow[];
    }
  | { readonly kind: 'except'; readonly base: Calendar; readonly removed: Calendar };

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Minutes after midnight of the day on which it starts; `end` ≤ `start` means past midnight; 1440 is 24:00. */
export interface ClockWindow {
  readonly startMinute: number;
  readonly endMinute: number;
}

/** Inclusive, ISO dates. */
export interface DateRange {
  readonly first: string;
  readonly last: string;
}

/** A class or union by name, or one of the two built-in sets. */
export type Subject =
  | { readonly kind: 'class' | 'union'; readonly name: string }
  | { readonly kind: 'guests' }
  | { readonly kind: 'others' }
  | { readonly kind: 'owner' };

/** A constraint with the conditions that guard it. */
export type Sentence = ConstraintBody & {
  /** Position in the file, from 0. */
  readonly index: number;
  /** The sentence's own text, white space folded: what `because` shows. */
  readonly text: string;
  readonly place: Place;
  /** Conjunction of the enclosing `when`s (an `otherwise` arm carries the negation). Empty: always. */
  readonly guards: readonly Guard[];
  /** `by MECHANISM`, null when left to the compiler. */
  readonly by: MechanismName | null;
};

export interface Guard {
  readonly condition: Condition;
  /** False in an `otherwise` arm. */
  readonly expected: boolean;
  /** The `when` that this guard stems from: equal for its two arms. */
  readonly place: Place;
}

export type ConstraintBody =
  | { readonly kind: 'keep'; readonly amount: CpuAmount }
  | { readonly kind: 'limit'; readonly subject: Subject; readonly each: boolean; readonly amount: CpuAmount }
  | {
      readonly kind: 'reserve';
      readonly subject: Subject;
      readonly budgetNs: bigint;
      readonly periodNs: bigint;
    }
  | {
      readonly kind: 'guarantee';
      readonly subject: Subject;
      readonly each: boolean;
      readonly amount: CpuAmount;
    }
  | {
      readonly kind: 'share';
      readonly parts: readonly { readonly subject: Subject; readonly proportion: Rational }[];
    }
  | { readonly kind: 'run'; readonly subject: Subject; readonly runNs: bigint; readonly periodNs: bigint }
  | { readonly kind: 'pause'; readonly subject: Subject };
