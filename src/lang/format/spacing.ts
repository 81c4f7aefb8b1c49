import { type IToken, tokenMatcher } from 'chevrotain';
import * as t from '../tokens.js';
import { unitOf } from '../units.js';

/**
 * The blanks between two tokens of a sentence: none or one. Numbers stand close to `%` and to units of time
 * (`60%`, `30s`), apart from all other units (`4 GiB`, `2 cores`, `5 C`).
 */
export function spaceBetween(left: IToken, right: IToken): '' | ' ' {
  if (CLOSE_BEFORE.has(right.tokenType) || CLOSE_BEHIND.has(left.tokenType)) return '';
  if (right.tokenType === t.LParen && left.tokenType === t.word('forecast')) return '';
  return left.tokenType === t.NumberToken && isCloseUnit(right) ? '' : ' ';
}

const CLOSE_BEFORE: ReadonlySet<unknown> = new Set([t.Comma, t.RParen, t.Dot]);
const CLOSE_BEHIND: ReadonlySet<unknown> = new Set([t.LParen, t.Dot]);

const isCloseUnit = (token: IToken): boolean =>
  token.tokenType === t.Percent || (tokenMatcher(token, t.Unit) && unitOf(token.image)?.dimension === 'time');

/**
 * Whether what a comma separates stands close to it on both sides: days (`mon,wed-fri`) and cores (`0-3,6`).
 */
export const isCloseList = (left: IToken, right: IToken): boolean =>
  (isCores(left) && isCores(right)) || (tokenMatcher(left, t.Day) && tokenMatcher(right, t.Day));

const isCores = ({ tokenType }: IToken): boolean => tokenType === t.NumberToken || tokenType === t.CoreRange;
