/**
 * The syntax tree: what a policy says, sentence by sentence, as written. Names are not resolved, numbers are
 * text. Both parsers build exactly these nodes (this one from Chevrotain's concrete tree, grammar/vmc.ne in its
 * postprocessors).
 */

/** Offsets in UTF-16 units, half-open. */
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
  | HostBlock
  | ClassDeclaration
  | UnionDeclaration
  | LetDeclaration
  | SwitchDeclaration;

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
  | { readonly kind: 'overhead'; readonly budget: Quantity; readonly period: Quantity; readonly span: Span };

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

export type Constraint = ConstraintBody & { readonly by: Word | null; readonly span: Span };

export type ConstraintBody =
  | { readonly kind: 'keep'; readonly amount: Quantity }
  | {
      readonly kind: 'limit' | 'guarantee';
      readonly each: boolean;
      readonly subject: Subject;
      readonly amount: Quantity;
    }
  | {
      readonly kind: 'reserve' | 'run';
      readonly subject: Subject;
      readonly budget: Quantity;
      readonly period: Quantity;
    }
  | { readonly kind: 'share'; readonly parts: readonly SharePart[] }
  | { readonly kind: 'pause'; readonly subject: Subject };

export interface SharePart {
  readonly subject: Subject;
  readonly proportion: Quantity;
}

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
