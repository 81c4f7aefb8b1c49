/**
 * The syntax tree: what a policy says, sentence by sentence, as written. Names are not resolved, numbers are
 * text. Both parsers build exactly these nodes (this one from Chevrotain's concrete tree, grammar/vmc.ne in its
 * postprocessors).
 */

/**
 * Offsets in UTF-16 units, half-open. Where a policy has several files, those of a file begin at its base: see
 * reporter.ts.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Policy {
  readonly kind: 'policy';
  readonly statements: readonly Statement[];
  /** Names whose declarations could not be read ({@link ANY_NAME}: any): nothing is said about their uses. */
  readonly lostNames: ReadonlySet<string>;
}

export const ANY_NAME = '*';

/** A name as written: `quoted` tells the class `"guests"` from the built-in `guests`. `text` has its escapes undone. */
export interface Name {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

/** A word out of a fixed list (a mechanism, an attribute), or a number without a unit. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** `unit` is `''` for none, a unit word, or one of `%`, `% of cpu`, `% of a core`, `% of memory`. */
export interface Quantity {
  readonly number: string;
  readonly unit: string;
  readonly span: Span;
}

export type Subject =
  | { readonly kind: 'named'; readonly name: Name; readonly span: Span }
  | { readonly kind: 'guests' | 'others' | 'owner'; readonly span: Span };

export type Statement = Declaration | Constraint | When;
export type Declaration =
  | ImportDeclaration
  | HostBlock
  | ClassDeclaration
  | UnionDeclaration
  | IgnoreDeclaration
  | LetDeclaration
  | SwitchDeclaration
  | SignalDeclaration
  | TestDeclaration;

/** `import "common.vmc"`. */
export interface ImportDeclaration {
  readonly kind: 'import';
  readonly path: Name;
  readonly span: Span;
}

export interface HostBlock {
  readonly kind: 'host';
  readonly properties: readonly HostProperty[];
  readonly span: Span;
}

export type HostProperty =
  | { readonly kind: 'cores' | 'memory'; readonly value: Quantity; readonly span: Span }
  | { readonly kind: 'timezone'; readonly value: Name; readonly span: Span }
  | { readonly kind: 'mechanisms'; readonly mechanisms: readonly Word[]; readonly span: Span };

/** `vm NAME { … }` (`capacity` null) or `group NAME up to N vms { … }`. */
export interface ClassDeclaration {
  readonly kind: 'class';
  readonly name: Name;
  readonly capacity: Quantity | null;
  readonly properties: readonly ClassProperty[];
  /** A property could not be read: what is missing may have stood there. */
  readonly damaged: boolean;
  readonly span: Span;
}

export type ClassProperty =
  | { readonly kind: 'match'; readonly tests: readonly MatchTest[]; readonly span: Span }
  | { readonly kind: 'vcpus' | 'memory'; readonly value: Quantity; readonly span: Span }
  | OverheadProperty
  | TaskProperty;

export interface OverheadProperty {
  readonly kind: 'overhead';
  readonly budget: Quantity;
  readonly period: Quantity;
  readonly span: Span;
}

/** `task NAME C every T [within D]`. */
export interface TaskProperty {
  readonly kind: 'task';
  readonly name: Name;
  readonly cost: Quantity;
  readonly period: Quantity;
  /** Null: the period. */
  readonly deadline: Quantity | null;
  readonly span: Span;
}

export interface MatchTest {
  readonly attribute: Word;
  readonly pattern: Name;
}

export interface UnionDeclaration {
  readonly kind: 'union';
  readonly name: Name;
  readonly members: readonly Name[];
  readonly span: Span;
}

/** `ignore match …`: guests that are the owner's own. */
export interface IgnoreDeclaration {
  readonly kind: 'ignore';
  readonly tests: readonly MatchTest[];
  readonly span: Span;
}

export interface LetDeclaration {
  readonly kind: 'let';
  readonly name: Name;
  readonly condition: Condition;
  readonly span: Span;
}

export interface SwitchDeclaration {
  readonly kind: 'switch';
  readonly name: Name;
  readonly span: Span;
}

/** `signal NAME TYPE`: the type as written, `number`, `%`, `time`, `size`, `rate` or `C`. */
export interface SignalDeclaration {
  readonly kind: 'signal';
  readonly name: Name;
  readonly type: Word;
  readonly span: Span;
}

/** `by` is null too for the kinds that take none. */
export type Constraint = ConstraintBody & { readonly by: Word | null; readonly span: Span };

export type ConstraintBody =
  | { readonly kind: 'keep'; readonly amounts: readonly Amount[] }
  | {
      /** Only the amounts of a `limit` may be elastic. */
      readonly kind: 'limit' | 'guarantee';
      readonly each: boolean;
      readonly subject: Subject;
      readonly amounts: readonly Amount[];
    }
  | { readonly kind: 'reserve'; readonly subject: Subject; readonly form: ReservationForm }
  | {
      readonly kind: 'run';
      readonly subject: Subject;
      readonly budget: Quantity;
      readonly period: Quantity;
    }
  | { readonly kind: 'share'; readonly parts: readonly SharePart[] }
  | { readonly kind: 'share-equally'; readonly subject: Subject }
  | { readonly kind: 'pause' | 'yield'; readonly subject: Subject }
  | { readonly kind: 'place'; readonly subject: Subject; readonly cores: readonly CoreRange[] }
  | { readonly kind: 'stop'; readonly subject: Subject; readonly within: Quantity }
  | Budget
  | Offer
  | Assertion;

/**
 * One AMOUNT. The unit decides: `2 cores`, `25% of cpu` and `30% of a core` are CPU, `25% of memory` and `8 GiB memory`
 * memory; rates and `iops` are disk or network by the word behind them.
 */
export type Amount =
  | {
      readonly kind: 'cpu' | 'memory' | 'disk' | 'network';
      readonly quantity: Quantity;
      readonly span: Span;
    }
  | ElasticAmount;

/** `90% of cpu - forecast(…) between 10% and 80% of cpu`. */
export interface ElasticAmount {
  readonly kind: 'elastic';
  readonly base: Quantity;
  readonly minus: ComparisonSubject;
  /** Its unit may be a bare `%`. */
  readonly from: Quantity;
  readonly to: Quantity;
  readonly span: Span;
}

/** `Q every P`, `Q in any W`, `for its tasks`. */
export type ReservationForm =
  | { readonly kind: 'every'; readonly budget: Quantity; readonly period: Quantity; readonly span: Span }
  | { readonly kind: 'in-any'; readonly budget: Quantity; readonly window: Quantity; readonly span: Span }
  | { readonly kind: 'tasks'; readonly span: Span };

export interface SharePart {
  readonly subject: Subject;
  readonly proportion: Quantity;
}

/** Digits as written; `last` is equal to `first` for a single one. */
export interface CoreRange {
  readonly first: string;
  readonly last: string;
  readonly span: Span;
}

/** `budget [each] SUBJECT WORK per PERIOD [then …]`. */
export interface Budget {
  readonly kind: 'budget';
  readonly each: boolean;
  readonly subject: Subject;
  readonly work: Quantity;
  /** `day`, `week` or `month`. */
  readonly per: Word;
  readonly then:
    | { readonly kind: 'pause' }
    | { readonly kind: 'limit'; readonly amounts: readonly Amount[] }
    | null;
}

/** `offer N vms NAME { … }`. */
export interface Offer {
  readonly kind: 'offer';
  readonly count: Quantity;
  readonly name: Name;
  readonly terms: readonly OfferTerm[];
  /** A term could not be read. */
  readonly damaged: boolean;
}

export type OfferTerm =
  | { readonly kind: 'vcpus' | 'memory'; readonly value: Quantity; readonly span: Span }
  | OverheadProperty
  | TaskProperty
  | { readonly kind: 'reserve'; readonly form: ReservationForm; readonly span: Span }
  | { readonly kind: 'guarantee' | 'limit'; readonly amounts: readonly Amount[]; readonly span: Span };

/** `assert [each] SUBJECT CLAIM [while CONDITION]`. */
export interface Assertion {
  readonly kind: 'assert';
  readonly each: boolean;
  readonly subject: Subject;
  readonly claim: BoundClaim | { readonly kind: 'paused'; readonly span: Span };
  readonly while: Condition | null;
}

/** `at most AMOUNT`, `at least AMOUNT`: never elastic. */
export interface BoundClaim {
  readonly kind: 'at-most' | 'at-least';
  readonly amount: Amount;
  readonly span: Span;
}

/** `test "…" { … }`. */
export interface TestDeclaration {
  readonly kind: 'test';
  readonly title: Name;
  readonly lines: readonly TestLine[];
  readonly span: Span;
}

export type TestLine =
  | { readonly kind: 'at'; readonly date: Word; readonly clock: Word; readonly span: Span }
  | { readonly kind: 'given'; readonly fact: GivenFact; readonly span: Span }
  | {
      readonly kind: 'expect';
      readonly each: boolean;
      readonly subject: Subject;
      readonly outcome: Outcome;
      readonly span: Span;
    }
  | { readonly kind: 'expect-that'; readonly condition: Condition; readonly span: Span };

export type GivenFact =
  /** `gaming`, `not host.on-battery`, `process "x" running`: `operand` is a reference or a process. */
  | { readonly kind: 'truth'; readonly operand: Condition; readonly value: boolean }
  | { readonly kind: 'value'; readonly subject: ComparisonSubject; readonly quantity: Quantity }
  | { readonly kind: 'unknown'; readonly subject: ComparisonSubject }
  | { readonly kind: 'spent'; readonly subject: Subject }
  | { readonly kind: 'vms'; readonly guests: readonly GivenGuests[] };

/** `[N] SUBJECT` in a list of guests; no number is one guest. */
export interface GivenGuests {
  readonly count: Quantity | null;
  readonly subject: Subject;
}

export type Outcome =
  | BoundClaim
  | { readonly kind: 'paused' | 'yields'; readonly span: Span }
  | { readonly kind: 'runs'; readonly budget: Quantity; readonly period: Quantity; readonly span: Span }
  | { readonly kind: 'reserved'; readonly form: ReservationForm; readonly span: Span }
  | { readonly kind: 'guaranteed'; readonly amounts: readonly Amount[]; readonly span: Span };

/** `when C { … } otherwise when D { … } otherwise { … }`: one arm for each condition, in order. */
export interface When {
  readonly kind: 'when';
  readonly arms: readonly WhenArm[];
  readonly otherwise: readonly Statement[] | null;
  readonly span: Span;
}

export interface WhenArm {
  readonly condition: Condition;
  readonly body: readonly Statement[];
}

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Condition[]; readonly span: Span }
  | { readonly kind: 'not'; readonly operand: Condition; readonly span: Span }
  | { readonly kind: 'assuming'; readonly operand: Condition; readonly value: boolean; readonly span: Span }
  | {
      readonly kind: 'except';
      readonly base: Condition;
      readonly removed: readonly Condition[];
      readonly span: Span;
    }
  | CalendarAtom
  | { readonly kind: 'reference'; readonly signal: SignalReference; readonly span: Span }
  | Comparison
  /** `process GLOB running`. */
  | { readonly kind: 'process'; readonly pattern: Name; readonly span: Span }
  /** Could not be read: its error is told, and no check asks anything of it. */
  | { readonly kind: 'damaged'; readonly span: Span };

export type CalendarAtom =
  | {
      readonly kind: 'days';
      /** `daily`, `weekdays`, `weekends` alone, or days and ranges of days. */
      readonly days: readonly DayItem[];
      readonly windows: readonly Window[];
      readonly span: Span;
    }
  | {
      readonly kind: 'dates';
      readonly ranges: readonly DateItem[];
      readonly windows: readonly Window[];
      readonly span: Span;
    };

/** Words as written (`daily`, `mon`); `last` is equal to `first` for a single one. */
export interface DayItem {
  readonly first: string;
  readonly last: string;
  readonly span: Span;
}

/** Dates as written; `last` is equal to `first` for a single one. */
export interface DateItem {
  readonly first: string;
  readonly last: string;
  readonly span: Span;
}

/** Clocks as written (`09:00`). */
export interface Window {
  readonly start: string;
  readonly end: string;
  readonly span: Span;
}

/** `owner.demand`, `"my vm".cpu`, `office`: a bare name has an empty path. */
export interface SignalReference {
  readonly head: SignalHead;
  readonly path: readonly string[];
  readonly span: Span;
}

export type SignalHead =
  | { readonly kind: 'named'; readonly name: Name }
  | { readonly kind: 'host' | 'owner' | 'user' | 'guests' | 'others' };

export interface Comparison {
  readonly kind: 'comparison';
  readonly subject: ComparisonSubject;
  readonly start: Threshold;
  readonly until: Threshold | null;
  readonly span: Span;
}

export type ComparisonSubject = { readonly kind: 'signal'; readonly signal: SignalReference } | Forecast;

export interface Forecast {
  readonly kind: 'forecast';
  readonly signal: SignalReference;
  readonly over: Quantity;
  readonly side: 'upper' | 'lower';
  readonly level: Quantity;
}

export interface Threshold {
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly quantity: Quantity;
  readonly for: Quantity | null;
}
