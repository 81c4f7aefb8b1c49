import type { Dimension } from '../../lang/units.js';

/*
 * Sentences as an editor sees them: forms over tokens, in which a text may stop anywhere. They say what may follow, and what
 * each token is. What a policy means is the parser's business; a test compares the two.
 */

/** What a word is in its place, for colours and documentation. */
export type WordRole =
  | 'keyword'
  | 'property'
  | 'operator'
  | 'subject'
  | 'mechanism'
  | 'attribute'
  | 'unit'
  | 'type'
  | 'constant'
  | 'signal'
  | 'punctuation';

/** What a name that is declared stands for. */
export type DeclaredKind = 'class' | 'union' | 'offer' | 'condition' | 'switch' | 'signal' | 'task';

/**
 * Where a name refers to something declared: a subject of a sentence; a condition or what has signals; what has signals
 * (or is one).
 */
export type ReferencePlace = 'subject' | 'member' | 'operand' | 'signal-head';

/** What a string holds. */
export type TextContent = 'path' | 'timezone' | 'title' | 'process' | 'pattern';

/** What a number counts; `quantity` where a unit follows. */
export type NumberContent = 'count' | 'proportion' | 'quantity' | 'level';

/** One token, and what it is. A reference's `vms` says whether it may be the bare word `vms`, or only that; else it may be. */
export type Terminal =
  | { readonly kind: 'word'; readonly word: string; readonly role: WordRole }
  | { readonly kind: 'declaration'; readonly declares: DeclaredKind }
  | { readonly kind: 'reference'; readonly place: ReferencePlace; readonly vms?: 'only' | 'never' }
  /** A user's name in a `match`. */
  | { readonly kind: 'user' }
  | { readonly kind: 'text'; readonly content: TextContent }
  | { readonly kind: 'number'; readonly content: NumberContent }
  /** `compared`: whatever the signal in front is measured in. */
  | { readonly kind: 'unit'; readonly dimensions: readonly Dimension[] | 'compared' }
  /** Behind a dot. */
  | { readonly kind: 'segment' }
  | { readonly kind: 'comparator' | 'clock' | 'window' | 'date' | 'date-item' | 'day' | 'day-set' | 'cores' };

/** What braces hold. */
export type BodyKind = 'block' | 'host' | 'class' | 'offer' | 'test';

export type Form =
  | { readonly kind: 'token'; readonly terminal: Terminal }
  | { readonly kind: 'sequence'; readonly parts: readonly Form[] }
  | { readonly kind: 'choice'; readonly parts: readonly Form[] }
  | { readonly kind: 'optional'; readonly part: Form }
  | { readonly kind: 'repeated'; readonly part: Form }
  /** A condition, which may hold others in parentheses. */
  | { readonly kind: 'condition' };

export const token = (terminal: Terminal): Form => ({ kind: 'token', terminal });
export const sequence = (...parts: readonly Form[]): Form => ({ kind: 'sequence', parts });
export const choice = (...parts: readonly Form[]): Form => ({ kind: 'choice', parts });
export const optional = (...parts: readonly Form[]): Form => ({ kind: 'optional', part: sequence(...parts) });
export const repeated = (...parts: readonly Form[]): Form => ({ kind: 'repeated', part: sequence(...parts) });
export const CONDITION: Form = { kind: 'condition' };

export const word = (text: string, role: WordRole = 'keyword'): Form =>
  token({ kind: 'word', word: text, role });
/** Several keywords: `words('for its tasks')`. */
export const words = (text: string): Form => sequence(...text.split(' ').map((each) => word(each)));
export const anyOf = (texts: readonly string[], role: WordRole): Form =>
  choice(...texts.map((text) => word(text, role)));
export const sign = (text: string): Form => word(text, 'punctuation');
export const commas = (item: Form): Form => sequence(item, repeated(sign(','), item));
export const declaration = (declares: DeclaredKind): Form => token({ kind: 'declaration', declares });
export const reference = (place: ReferencePlace, vms?: 'only' | 'never'): Form =>
  token({ kind: 'reference', place, ...(vms ? { vms } : {}) });
export const text = (content: TextContent): Form => token({ kind: 'text', content });
export const number = (content: NumberContent): Form => token({ kind: 'number', content });
