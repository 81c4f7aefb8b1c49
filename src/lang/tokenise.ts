import { type IToken, Lexer, type TokenType } from 'chevrotain';
import { invariant } from '../support/invariant.js';
import { LEXED_TOKENS, NumberToken } from './tokens.js';
import type { Span } from './tree.js';

export interface Tokens {
  readonly tokens: IToken[];
  /** Runs of characters that belong to no token. */
  readonly strays: readonly Span[];
}

/**
 * Cuts a text into the tokens of tokens.ts: at each place the first of them that matches. It does what Chevrotain's
 * Lexer does with the same definitions (a test compares the two), without an object that takes longer to build than a
 * small policy takes to compile. Linear; never throws.
 */
export function tokenise(text: string): Tokens {
  const tokens: IToken[] = [];
  const strays: Span[] = [];
  let at = 0;
  while (at < text.length) {
    const end = readToken(text, at, tokens);
    if (end === at) addStray(strays, at);
    at = Math.max(end, at + 1);
  }
  return { tokens, strays };
}

/** The end of the token that begins at an offset: the offset itself where none does. */
function readToken(text: string, at: number, tokens: IToken[]): number {
  for (const { type, typeIdx, pattern, sign, isSkipped } of candidatesAt(text, at)) {
    let end = at;
    if (pattern !== null) {
      pattern.lastIndex = at;
      if (pattern.test(text)) end = pattern.lastIndex;
    } else if (text.startsWith(sign, at)) end = at + sign.length;
    if (end === at) continue;
    if (!isSkipped) tokens.push(tokenOf(text, at, end, type, typeIdx));
    return end;
  }
  return at;
}

/** All tokens have the same fields in the same order: what reads them is the faster for it. */
function tokenOf(text: string, at: number, end: number, tokenType: TokenType, tokenTypeIdx: number): IToken {
  const image = text.slice(at, end);
  return { image, startOffset: at, endOffset: end - 1, tokenType, tokenTypeIdx, payload: undefined };
}

/** A token type in the form in which it is looked for: by a pattern, or as a sign. */
interface Candidate {
  readonly type: TokenType;
  readonly typeIdx: number;
  readonly pattern: RegExp | null;
  readonly sign: string;
  readonly isSkipped: boolean;
}

/** Most digits are plain numbers, which what stands behind them shows; dates and clocks would all be tried first. */
function candidatesAt(text: string, at: number): readonly Candidate[] {
  const code = text.charCodeAt(at);
  const candidates = candidatesFor(code);
  if (!isDigit(code)) return candidates;
  let end = at + 1;
  while (isDigit(text.charCodeAt(end))) end++;
  return BEHIND_DIGITS.includes(text[end] ?? '') ? candidates : numbers(candidates);
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
/** Behind digits these can go on with a date, a clock, a range or a fraction. */
const BEHIND_DIGITS = ['-', ':', '.'];

let plainNumbers: readonly Candidate[] | null = null;

function numbers(candidates: readonly Candidate[]): readonly Candidate[] {
  plainNumbers ??= candidates.filter(({ type }) => type === NumberToken);
  return plainNumbers;
}

let all: readonly Candidate[] | null = null;
/** By the class of the first character, the candidates that it can begin, in their order. */
const byStart: (readonly Candidate[] | undefined)[] = [];
const ASCII = 128;

/** Of a character the types that can begin with it; of those outside ASCII all. */
function candidatesFor(code: number): readonly Candidate[] {
  const known = byStart[Math.min(code, ASCII)];
  if (known !== undefined) return known;
  all ??= LEXED_TOKENS.map(candidateOf);
  const found =
    code < ASCII ? all.filter((candidate) => canBegin(candidate, String.fromCharCode(code))) : all;
  byStart[Math.min(code, ASCII)] = found;
  return found;
}

function candidateOf(type: TokenType): Candidate {
  const { PATTERN, tokenTypeIdx } = type;
  invariant(tokenTypeIdx !== undefined, 'createToken has given every token type its index');
  const isSkipped = type.GROUP === Lexer.SKIPPED;
  if (PATTERN instanceof RegExp) {
    const pattern = new RegExp(PATTERN.source, 'y');
    return { type, typeIdx: tokenTypeIdx, pattern, sign: '', isSkipped };
  }
  invariant(typeof PATTERN === 'string', `${type.name} is lexed, so it has a pattern`);
  return { type, typeIdx: tokenTypeIdx, pattern: null, sign: PATTERN, isSkipped };
}

/** Types with a pattern name the characters that they begin with. */
function canBegin({ type, sign, pattern }: Candidate, character: string): boolean {
  if (pattern === null) return sign.startsWith(character);
  return (type.START_CHARS_HINT ?? [character]).includes(character);
}

/** Neighbours become one. */
function addStray(strays: Span[], at: number): void {
  const last = strays.at(-1);
  if (last?.end === at) strays[strays.length - 1] = { start: last.start, end: at + 1 };
  else strays.push({ start: at, end: at + 1 });
}
