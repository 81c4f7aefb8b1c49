import { EOF, type IToken, type TokenType, tokenMatcher } from 'chevrotain';
import { expectedWords } from './describe-token.js';
import { nearest } from './did-you-mean.js';
import { endOf, spanOf, startsLine } from './lexer.js';
import { isBoundary } from './recovering-parser.js';
import type { Mismatch, Region, Stray } from './syntax-problem.js';
import type { Candidate } from './syntax-repair.js';
import {
  BareName,
  BrokenText,
  Comma,
  Comparator,
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

const MAX_CHOICES = 3;

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
const FILLERS: ReadonlySet<string> = new Set([
  'the',
  'an',
  'a',
  'of',
  'all',
  'only',
  'exactly',
  'is',
  'be',
  'each',
]);

/** What may mend a mismatch, group by group: a slip of the keyboard before something that is missing. */
export function* mismatchCandidates(problem: Mismatch, text: string): Generator<readonly Candidate[]> {
  const { token, previous, expected } = problem;
  const isThere = token.tokenType !== EOF;
  if (token.tokenType === BrokenText) {
    yield* closings(token);
    return;
  }
  if (isThere) yield slips(problem);
  if (isThere && token.image.includes('-')) yield [apart(token)];
  if (isThere && expected.includes(Text)) yield* quotes(token, text);
  if (problem.joined !== null) yield joints(problem.joined, problem.region);
  const keywords = expected.flatMap((type) => wordsOf(type)).filter((keyword) => keyword !== 'vm');
  // Of many words that could stand there, the only one that fits is not therefore the one that was meant.
  const isNarrow = expected.length <= MAX_CHOICES;
  const missing = isNarrow ? keywords : keywords.filter((keyword) => keyword === 'that');
  const isOpenEnd = breaksOff(problem, text) && expected.some((type) => NAMES_AND_NUMBERS.includes(type));
  if (previous !== null && !isOpenEnd) yield insertions(isNarrow ? expected : [], missing, endOf(previous));
  if (!isThere) return;
  if (isSuperfluous(token, previous) || FILLERS.has(token.image)) yield [removal(token, text)];
  if (isNarrow && isWord(token)) yield keywords.map((keyword) => ({ span: spanOf(token), text: keyword }));
}

/** Where one of these is missing too, nobody knows what was to follow. */
const NAMES_AND_NUMBERS: readonly TokenType[] = [BareName, NumberToken, Text];

/** The sentence ends before it is complete: what is wrong is what is not there. */
export function breaksOff({ token, previous, expected }: Mismatch, text: string): boolean {
  if (token.tokenType === EOF || isBoundary(token)) return true;
  if (previous === null || !text.slice(endOf(previous), token.startOffset).includes('\n')) return false;
  return nearest(token.image, expectedWords(expected)) === null;
}

/** What may join a sentence to the one before it on its line. */
function joints(joined: Region, region: Region | null): readonly Candidate[] {
  const at = region?.start ?? joined.end;
  return ['then', 'by'].map((joint) => ({ span: { start: at, end: at }, text: `${joint} ` }));
}

/** A name with a minus in it that was meant to take something away. */
function apart(token: IToken): Candidate {
  return { span: spanOf(token), text: token.image.replace('-', ' - ') };
}

/** The one word that a token may be a misspelling of. */
function slips({ token, previous, expected, rules }: Mismatch): readonly Candidate[] {
  const isSide = rules.at(-1) === 'quantity' && rules.at(-2) === 'forecast';
  const words = isSide ? ['upper', 'lower'] : expectedWords(expected);
  const known = previous?.tokenType === NumberToken ? unitWords() : words;
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
export function* closings({ image, startOffset }: IToken): Generator<readonly Candidate[]> {
  if (!image.startsWith('"')) {
    const span = { start: startOffset, end: startOffset + image.length };
    yield [{ span, text: `"${image.slice(1, -1).replace(/["\\]/g, '\\$&')}"` }];
    return;
  }
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
  { token, previous, rule }: Stray,
  suggestion: string | null,
  text: string,
): Generator<readonly Candidate[]> {
  yield slip(token, suggestion);
  if (previous !== null) {
    const at = { start: endOf(previous), end: endOf(previous) };
    if (token.tokenType === Comma || token.image === 'and') yield [otherJoint(token, text)];
    if (rule === 'testBody' && tokenMatcher(token, Comparator)) yield [{ span: spanOf(token), text: '=' }];
    yield [',', ' ='].map((sign) => ({ span: at, text: sign }));
    yield JOINTS.map((joint) => ({ span: at, text: ` ${joint}` }));
  }
  if (isSuperfluous(token, previous)) yield [removal(token, text)];
}

/** A sign too many, or a word twice. */
const isSuperfluous = (token: IToken, previous: IToken | null): boolean =>
  [RParen, Comma, Equals].includes(token.tokenType) || token.image === previous?.image;

/** Words of which one may be missing between two parts of a sentence. */
const JOINTS = ['and', 'or', 'by', 'then', 'every', 'while', 'for', 'within', 'except'];

/** Amounts and tests are joined by `and`, the parts of other lists by a comma. */
function otherJoint(token: IToken, text: string): Candidate {
  return { ...removal(token, text), text: token.tokenType === Comma ? ' and' : ',' };
}

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
