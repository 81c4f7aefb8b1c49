import type { Rational } from '../support/rational.js';
import type { Range } from './source.js';

/**
 * The model: what a policy says, with names resolved, units normalised and every check of the language passed.
 * It is all that the compiler sees of a policy; spans lead back to the text.
 */
export interface Model {
  /** The root file, as given to the parser. */
  readonly file: string;
  readonly host: HostDeclaration;
  /** In file order, those of imported files first: the first class that matches a guest takes it. */
  readonly classes: readonly GuestClass[];
  readonly unions: readonly ClassUnion[];
  /** `ignore match …`: the owner's own guests. */
  readonly ignores: readonly IgnoredGuests[];
  readonly switches: readonly SwitchDeclaration[];
  /** Signals that something outside pushes. */
  readonly signals: readonly PushedSignal[];
  readonly conditions: readonly NamedCondition[];
  readonly sentences: readonly Sentence[];
  readonly tests: readonly PolicyTest[];
}

export interface Place {
  readonly file: string;
  readonly range: Range;
}

/** A number with its unit as it stands in a file: what a change of it alone replaces. */
export interface WrittenNumber extends Place {
  readonly text: string;
}

/** One that decides what a sentence asks for: a budget, a time to run, an amount of CPU. */
export interface SentenceNumber extends WrittenNumber {
  /** Where it stands in the `text` of its sentence. */
  readonly at: number;
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
  /** As it is declared. */
  readonly writtenVcpus: WrittenNumber;
  readonly memoryBytes: bigint | null;
  /** Server of QEMU's main loop when a guest holds a reservation. Default 0.5 ms every 10 ms. */
  readonly overhead: { readonly budgetNs: bigint; readonly periodNs: bigint };
  /** Alternatives; within one, all must match. */
  readonly matchers: readonly (readonly Matcher[])[];
  /** Real-time tasks that run inside each guest. */
  readonly tasks: readonly GuestTask[];
  readonly place: Place;
}

/** A sporadic task: at most `costNs` of CPU in every `periodNs`, done within `deadlineNs` of its release. */
export interface GuestTask {
  readonly name: string;
  readonly costNs: bigint;
  readonly periodNs: bigint;
  readonly deadlineNs: bigint;
  /** As it is declared; absent of a task that stands in no file. */
  readonly cost?: WrittenNumber;
  /** Absent where the deadline is the period. */
  readonly deadline?: WrittenNumber;
}

export interface IgnoredGuests {
  /** All must match. */
  readonly matchers: readonly Matcher[];
  /** It is asked before the class of this index, and after those in front of it. */
  readonly beforeClass: number;
  readonly place: Place;
}

export interface PushedSignal {
  readonly name: string;
  readonly type: 'number' | 'percent' | 'time' | 'size' | 'rate' | 'temperature';
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
  /** Whether a process of this name runs that is no guest; a shell glob. */
  | { readonly kind: 'process'; readonly pattern: string }
  /** Whether the budget of the sentence with this index is used up: how `budget … then …` becomes a guard. */
  | { readonly kind: 'spent'; readonly budget: number }
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

/**
 * `signal` is the canonical dotted name (`owner.demand`, `batch.cpu`, `price` for one that is pushed; a name that is no
 * bare name stays quoted).
 */
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
  /** What can be changed to ask for less, of CPU or of memory; null: nothing, or more than a number. */
  readonly number: SentenceNumber | null;
  readonly memoryNumber: SentenceNumber | null;
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

/** At most one of each; null where the sentence does not speak of it. */
export interface Amounts {
  readonly cpu: CpuAmount | null;
  readonly memory: MemoryAmount | null;
  readonly diskBytesPerSecond: Rational | null;
  readonly diskIops: Rational | null;
  readonly networkBytesPerSecond: Rational | null;
}

export type MemoryAmount =
  | { readonly kind: 'size'; readonly bytes: Rational }
  | { readonly kind: 'memory-fraction'; readonly fraction: Rational };

/** A ceiling that follows a signal: `base` less the signal, kept between `from` and `to`. */
export interface ElasticCeiling {
  readonly base: CpuAmount;
  readonly minus: SignalSubject;
  readonly from: CpuAmount;
  readonly to: CpuAmount;
}

/** What a reservation asks for: exactly Q in every P, Q in any window W, or that the declared tasks meet their deadlines. */
export type ReservationForm =
  | { readonly kind: 'every'; readonly budgetNs: bigint; readonly periodNs: bigint }
  | { readonly kind: 'in-any'; readonly budgetNs: bigint; readonly windowNs: bigint }
  | { readonly kind: 'tasks' };

/** On the sum of the subject or, with `each`, on every member. */
interface Bounding {
  readonly subject: Subject;
  readonly each: boolean;
  readonly amounts: Amounts;
}

export type ConstraintBody =
  | { readonly kind: 'keep'; readonly amounts: Amounts }
  /** Of an elastic ceiling `amounts.cpu` is the upper end. */
  | (Bounding & { readonly kind: 'limit'; readonly elastic: ElasticCeiling | null })
  | (Bounding & { readonly kind: 'guarantee' })
  | { readonly kind: 'reserve'; readonly subject: Subject; readonly form: ReservationForm }
  | {
      readonly kind: 'share';
      readonly parts: readonly { readonly subject: Subject; readonly proportion: Rational }[];
    }
  | { readonly kind: 'share-equally'; readonly subject: Subject }
  | { readonly kind: 'run'; readonly subject: Subject; readonly runNs: bigint; readonly periodNs: bigint }
  | { readonly kind: 'pause' | 'yield'; readonly subject: Subject }
  /** Ascending, each once. */
  | { readonly kind: 'place'; readonly subject: Subject; readonly cores: readonly number[] }
  | { readonly kind: 'stop'; readonly subject: Subject; readonly withinNs: bigint }
  | Budget
  | Offer
  | Assertion;

/**
 * Only counts. What `then` asks for is a sentence of its own behind this one (`pause`, or `limit`, with the same text
 * and place), guarded by `spent` besides the guards of the budget.
 */
export interface Budget {
  readonly kind: 'budget';
  readonly subject: Subject;
  readonly each: boolean;
  /** CPU time: nanoseconds of one core. */
  readonly workNs: bigint;
  readonly per: 'day' | 'week' | 'month';
  readonly then: 'pause' | 'limit' | null;
}

export interface Offer {
  readonly kind: 'offer';
  readonly name: string;
  readonly count: number;
  readonly vcpus: number;
  readonly writtenVcpus: WrittenNumber;
  readonly memoryBytes: bigint | null;
  readonly overhead: GuestClass['overhead'];
  readonly tasks: readonly GuestTask[];
  readonly reserve: ReservationForm | null;
  /** Of each guest. */
  readonly guarantee: Amounts | null;
  /** Of each guest. */
  readonly limit: Amounts | null;
  /** What can be changed of its terms. */
  readonly numbers: Readonly<Record<'reserve' | 'guarantee' | 'limit', SentenceNumber | null>>;
}

export interface Assertion {
  readonly kind: 'assert';
  readonly subject: Subject;
  readonly each: boolean;
  readonly claim: Claim;
  /** Null: always. */
  readonly while: Condition | null;
}

/** `amounts` has exactly one that is not null. */
export type Claim =
  | { readonly kind: 'at-most' | 'at-least'; readonly amounts: Amounts }
  | { readonly kind: 'paused' };

/** A `test` block. */
export interface PolicyTest {
  readonly title: string;
  /** Wall-clock time in the host's zone; null: no calendar may matter. */
  readonly at: { readonly date: string; readonly minute: number } | null;
  readonly given: readonly Given[];
  readonly expectations: readonly Expectation[];
  readonly place: Place;
}

export type Given = { readonly place: Place } & (
  | { readonly kind: 'switch'; readonly name: string; readonly value: boolean }
  | { readonly kind: 'signal'; readonly signal: string; readonly value: boolean }
  | { readonly kind: 'process'; readonly pattern: string; readonly value: boolean }
  | { readonly kind: 'value'; readonly subject: SignalSubject; readonly quantity: Quantity }
  /** Also of a Boolean signal. */
  | { readonly kind: 'unknown'; readonly subject: SignalSubject }
  /** Every budget on this subject. */
  | { readonly kind: 'spent'; readonly subject: Subject }
  /** A class, or `others`: a union, and `guests`, are written out as so many guests of each of their classes. */
  | { readonly kind: 'guests'; readonly subject: Subject; readonly count: number }
);

export type Expectation = { readonly place: Place; readonly text: string } & (
  | { readonly kind: 'that'; readonly condition: Condition }
  | { readonly kind: 'outcome'; readonly subject: Subject; readonly each: boolean; readonly outcome: Outcome }
);

export type Outcome =
  | Claim
  | { readonly kind: 'yields' }
  | { readonly kind: 'runs'; readonly runNs: bigint; readonly periodNs: bigint }
  | { readonly kind: 'reserved'; readonly form: ReservationForm }
  | { readonly kind: 'guaranteed'; readonly amounts: Amounts };
