import { EOF, type IToken, type TokenType } from 'chevrotain';
import { expectedWords } from './describe-token.js';
import { nearest } from './did-you-mean.js';
import { endOf, spanOf, startsLine } from './lexer.js';
import type { Mismatch, Stray } from './syntax-problem.js';
import type { Candidate } from './syntax-repair.js';
import {
  BrokenText,
  Comma,
  Equals,
  Identifier,
  LCurly,
  LParen,
  NumberToken,
  RParen,
  Text,
} from './tokens.js';
import { unitCalled } from './unit-habits.js';
import { unitWords } from './units.js';

/** Signs that a sentence may lack, and how they follow what is before them. */
const SIGNS: ReadonlyMap<TokenType, string> = new Map([
  [RParen, ')'],
  [LParen, '('],
  [Comma, ','],
  [Equals, ' ='],
  [LCurly, ' {'],
]);

/** Words that come in a row: who forgets the first may forget the others. */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  for: ['for owner', 'for its tasks', 'for its'],
  its: ['its tasks'],
  in: ['in any'],
  up: ['up to'],
  on: ['on cores'],
  equally: ['equally within'],
};

/** Words that people write and the language has none for. */
const FILLERS: ReadonlySet<string> = new Set(['the', 'an', 'a', 'of', 'all', 'only', 'exactly', 'is', 'be']);

/** What may mend a mismatch, group by group: a slip of the keyboard before something that is missing. */
export function* mismatchCandidates(problem: Mismatch, text: string): Generator<readonly Candidate[]> {
  const { token, previous, expected } = problem;
  const isThere = token.tokenType !== EOF;
  if (token.tokenType === BrokenText) {
    yield* closings(token);
    return;
  }
  if (isThere) yield slips(problem);
  if (isThere && expected.includes(Text)) yield* quotes(token, text);
  const keywords = expected.flatMap((type) => wordsOf(type));
  if (previous !== null) yield insertions(expected, keywords, endOf(previous));
  if (!isThere) return;
  if (token.image === previous?.image || FILLERS.has(token.image)) yield [removal(token, text)];
  if (isWord(token)) yield keywords.map((keyword) => ({ span: spanOf(token), text: keyword }));
}

/** The one word that a token may be a misspelling of. */
function slips({ token, previous, expected }: Mismatch): readonly Candidate[] {
  const known = previous?.tokenType === NumberToken ? unitWords() : expectedWords(expected);
  return slip(token, nearest(token.image, known));
}

function insertions(
  expected: readonly TokenType[],
  keywords: readonly string[],
  at: number,
): readonly Candidate[] {
  const signs = expected.flatMap((type) => SIGNS.get(type) ?? []);
  return [...signs, ...keywords.map((keyword) => ` ${keyword}`)].map((text) => ({
    span: { start: at, end: at },
    text,
  }));
}

/** Alone, and with the words that follow it in a row. */
function wordsOf({ name }: TokenType): readonly string[] {
  const keyword = /^'(.+)'$/.exec(name)?.[1];
  return keyword === undefined ? [] : [keyword, ...(ROWS[keyword] ?? [])];
}

/** A word that may be a name only in quotes, and a path or a pattern without them. */
function* quotes(token: IToken, text: string): Generator<readonly Candidate[]> {
  if (!isWord(token)) return;
  yield [{ span: spanOf(token), text: `"${token.image}"` }];
  const run = /[^\s"{}]+/y;
  run.lastIndex = token.startOffset;
  const whole = run.exec(text)?.[0] ?? token.image;
  const end = token.startOffset + whole.length;
  yield [{ span: { start: token.startOffset, end }, text: `"${whole}"` }];
}

/** A string that lacks its end: behind its first word or its last. */
function* closings({ image, startOffset }: IToken): Generator<readonly Candidate[]> {
  const escaped = image.replace(/\\(["\\])|\\/g, (pair, known?: string) =>
    known === undefined ? '\\\\' : pair,
  );
  if (escaped !== image)
    yield [{ span: { start: startOffset, end: startOffset + image.length }, text: escaped }];
  const word = /^"[^\s"\\]+/.exec(image)?.[0] ?? '"';
  const ends = new Set([word.length, image.trimEnd().length, image.replace(/[\s{}]+$/, '').length]);
  for (const length of ends) {
    const at = startOffset + length;
    yield [{ span: { start: at, end: at }, text: '"' }];
  }
}

/** A word that is misspelt. */
export const slip = (token: IToken, suggestion: string | null): readonly Candidate[] =>
  suggestion === null ? [] : [{ span: spanOf(token), text: suggestion }];

/** What may mend a word or sign behind a sentence that seemed complete. */
export function* trailingCandidates(
  { token, previous }: Stray,
  suggestion: string | null,
  text: string,
): Generator<readonly Candidate[]> {
  yield slip(token, suggestion);
  if (previous !== null) {
    const at = { start: endOf(previous), end: endOf(previous) };
    yield [{ span: at, text: ',' }];
    yield JOINTS.map((joint) => ({ span: at, text: ` ${joint}` }));
  }
  if (REMOVABLE.includes(token.tokenType) || token.image === previous?.image) yield [removal(token, text)];
}

const REMOVABLE = [RParen, Comma, Equals];
/** Words of which one may be missing between two parts of a sentence. */
const JOINTS = ['and', 'or', 'by', 'then', 'every', 'while', 'for', 'within', 'except'];

/** A token, with the blanks in front of it. */
export function removal(token: IToken, text: string): Candidate {
  let start = token.startOffset;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
  return { span: { start, end: endOf(token) }, text: '' };
}

/** A word behind a number that can only be meant as its unit: it touches it, or is called so elsewhere. */
export function isUnknownUnit(token: IToken, previous: IToken | null): boolean {
  if (previous?.tokenType !== NumberToken || !isWord(token)) return false;
  if (endOf(previous) === token.startOffset) return !HALF_DAY.test(token.image);
  if (token.tokenType !== Identifier || startsLine(token)) return false;
  return (
    unitCalled(token.image) !== null || (token.image.length > 2 && nearest(token.image, unitWords()) !== null)
  );
}

/** `9am-5pm` is no number of `am-5pm`. */
const HALF_DAY = /^[ap]m\b/i;

const isWord = (token: IToken): boolean => /^[A-Za-z]/.test(token.image);
