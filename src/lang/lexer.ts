import type { IToken } from 'chevrotain';
import { tokenise } from './tokenise.js';
import {
  classifyWord,
  DayRange,
  Identifier,
  LCurly,
  Minus,
  NumberToken,
  RCurly,
  Text,
  Unit,
} from './tokens.js';
import type { Span } from './tree.js';
import { isReserved } from './words.js';

/** What the lexer found; the spans of `strays` hold characters that belong to no token. */
export interface Lexed {
  readonly tokens: readonly IToken[];
  readonly strays: readonly Span[];
  /** Two words, numbers, clocks or dates without the white space that must stand between them. */
  readonly crowded: readonly (readonly [IToken, IToken])[];
}

/** What is noted on a token, where there is something to note. */
type Note = 'starts-line' | 'damaged';

const hasNote = (token: IToken, note: Note): boolean => token.payload === note;

/** True for a token that is the first on its line or follows a brace: where recovery may take up a sentence again. */
export const startsLine = (token: IToken): boolean => hasNote(token, 'starts-line');

/** Notes on a `{` that something behind it could not be read. */
export function markDamaged(open: IToken): void {
  open.payload = 'damaged' satisfies Note;
}

export const isDamaged = (open: IToken): boolean => hasNote(open, 'damaged');

export const endOf = (token: IToken): number => token.startOffset + token.image.length;
export const spanOf = (token: IToken): Span => ({ start: token.startOffset, end: endOf(token) });

const LINE_END = 0x0a;
const BYTE_ORDER_MARK = 0xfeff;

/** Tokens of a policy, words classified. Linear in the length of the text; never throws. */
export function lex(text: string): Lexed {
  const readable = text.charCodeAt(0) === BYTE_ORDER_MARK ? ` ${text.slice(1)}` : text;
  const { tokens, strays } = tokenise(readable);
  const crowded: [IToken, IToken][] = [];
  let previous: IToken | null = null;
  for (const token of tokens) {
    if (token.tokenType === Identifier) retype(token);
    if (isFirst(readable, previous, token)) token.payload = 'starts-line' satisfies Note;
    if (previous !== null && isCrowded(previous, token)) crowded.push([previous, token]);
    previous = token;
  }
  return { tokens, strays, crowded };
}

function retype(token: IToken): void {
  const plain = classifyWord(token.image);
  const type = plain === Identifier && mayBeDays(token.image) && isReserved(token.image) ? DayRange : plain;
  // INVARIANT: createToken has given every token type its index.
  token.tokenTypeIdx = type.tokenTypeIdx!;
  token.tokenType = type;
}

/** Only a range of days, such as `mon-fri`, is reserved and no keyword. */
const mayBeDays = (word: string): boolean => word.length === 7 && word[3] === '-';

function isFirst(text: string, previous: IToken | null, token: IToken): boolean {
  if (previous === null || previous.tokenType === LCurly || previous.tokenType === RCurly) return true;
  for (let at = endOf(previous); at < token.startOffset; at++)
    if (text.charCodeAt(at) === LINE_END) return true;
  return false;
}

const WORD_END = /[A-Za-z0-9_-]$/;
const WORD_START = /^[A-Za-z0-9]/;

function isCrowded(left: IToken, right: IToken): boolean {
  if (endOf(left) !== right.startOffset) return false;
  // A binary minus has white space on both sides, even in front of a string.
  if (left.tokenType === Minus && right.tokenType === Text) return true;
  if (!WORD_END.test(left.image) || !WORD_START.test(right.image)) return false;
  const isUnit = right.tokenType === Unit || (right.tokenType.CATEGORIES ?? []).includes(Unit);
  return !(left.tokenType === NumberToken && isUnit);
}
