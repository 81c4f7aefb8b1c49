import { type IToken, tokenMatcher } from 'chevrotain';
import type { BodyRule, GuardedRule } from './syntax-problem.js';
import type { Layout } from './text-layout.js';
import { NumberToken, Starter, word } from './tokens.js';
import { CLASS_PROPERTIES, HOST_PROPERTIES, OFFER_TERMS, STARTERS, TEST_LINES } from './words.js';

/** A list of sentences, properties, … : that of a file, or what stands between braces. */
export interface Body {
  readonly rule: BodyRule;
  /** The rule of what it lists. */
  readonly element: GuardedRule;
  /** With these words begins what it lists. */
  readonly words: readonly string[];
  /** Whether an element begins with a token, seeing the one behind it. */
  starts(token: IToken, behind: IToken, layout: Layout): boolean;
}

export const startsSentence = (token: IToken): boolean => tokenMatcher(token, Starter);

export const POLICY: Body = {
  rule: 'policy',
  element: 'statement',
  words: STARTERS,
  starts: startsSentence,
};

export const BLOCK: Body = { ...POLICY, rule: 'block' };

const hostProperties = HOST_PROPERTIES.map(word);
export const HOST_BODY: Body = {
  rule: 'hostBody',
  element: 'hostProperty',
  words: HOST_PROPERTIES,
  starts: (token) => hostProperties.includes(token.tokenType),
};

const classProperties = CLASS_PROPERTIES.map(word);
export const CLASS_BODY: Body = {
  rule: 'classBody',
  element: 'classProperty',
  words: CLASS_PROPERTIES,
  starts: (token) => classProperties.includes(token.tokenType),
};

const offerTerms = OFFER_TERMS.map(word);
/** What stands behind `reserve`, `guarantee` or `limit` in an offer, where no subject does. */
const behindTerms = [NumberToken, word('for'), word('to')];
export const OFFER_BODY: Body = {
  rule: 'offerBody',
  element: 'offerTerm',
  words: OFFER_TERMS,
  // Some of the words begin sentences too: at the margin, with a subject behind, these are not the offer's.
  starts: (token, behind, layout) =>
    offerTerms.includes(token.tokenType) &&
    (!startsSentence(token) || layout.indentOf(token) !== 0 || behindTerms.includes(behind.tokenType)),
};

const testLines = TEST_LINES.map(word);
export const startsTestLine = (token: IToken): boolean => testLines.includes(token.tokenType);
export const TEST_BODY: Body = {
  rule: 'testBody',
  element: 'testLine',
  words: TEST_LINES,
  starts: startsTestLine,
};
