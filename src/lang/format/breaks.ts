import type { IToken } from 'chevrotain';
import * as t from '../tokens.js';
import type { TokenRange } from './outline.js';

/**
 * Words in front of which a sentence that is too long is broken, from those that bind loosest. Where it is
 * broken in front of one of a row, it is broken in front of all of that row.
 */
const ROWS: readonly (readonly string[])[] = [
  ['by', 'then', 'while'],
  ['assuming'],
  ['or'],
  ['and'],
  ['-', 'between'],
  ['except'],
  ['until'],
];
/** And, where that is not enough, in front of as few as possible of these. */
const CLAUSE_WORDS: readonly string[] = ['every', 'for', 'in', 'per', 'to', 'within'];

/** The row of what follows a comma, or begins a list. */
export const ITEMS = ROWS.length;
export const CLAUSES = ITEMS + 1;
/** Behind the last row: nothing to break at. */
export const NO_ROW = CLAUSES + 1;

const ROW_OF: ReadonlyMap<string, number> = new Map([
  ...ROWS.flatMap((words, row) => words.map((text) => [text, row] as const)),
  ...CLAUSE_WORDS.map((text) => [text, CLAUSES] as const),
]);

/**
 * For each token of a sentence, from its first on, the row of the place in front of it. Words that are not
 * reserved may be names here and there: that costs nothing but a better place to break at.
 */
export function breakRows(
  tokens: readonly IToken[],
  { from, to }: TokenRange,
  listStart: number,
): Uint8Array {
  const rows = new Uint8Array(to - from).fill(NO_ROW);
  let isElastic = false;
  for (let i = from + 1; i < to; i++) {
    const [previous, token] = [tokens[i - 1]?.tokenType, tokens[i]];
    if (token === undefined || previous === t.Dot) continue;
    if (previous === t.Comma || i === listStart) rows[i - from] = ITEMS;
    // The `and` between the two bounds of an elastic amount joins no amounts.
    else if (isElastic && token.tokenType === t.word('and')) isElastic = false;
    else rows[i - from] = ROW_OF.get(token.image) ?? NO_ROW;
    if (token.tokenType === t.Minus) isElastic = true;
  }
  return rows;
}

/**
 * Where the list of a sentence begins that has one (a union, a share, mechanisms, given guests); -1 in
 * others.
 */
export function listStartOf(tokens: readonly IToken[], { from, to }: TokenRange): number {
  const start = from + wordsBeforeList(tokens, from);
  return start > from && start < to ? start : -1;
}

function wordsBeforeList(tokens: readonly IToken[], from: number): number {
  const type = (offset: number) => tokens[from + offset]?.tokenType;
  if (type(0) === t.word('group') && type(2) === t.Equals) return 3;
  if (type(0) === t.word('share') && type(2) === t.word('among')) return 3;
  if (type(0) === t.word('mechanisms')) return 1;
  return listsGuests(tokens, from) ? 2 : 0;
}

/**
 * `given vms …`, where a number counts what follows: `3 s` are three guests of class `s`, not three seconds.
 */
export function listsGuests(tokens: readonly IToken[], from: number): boolean {
  const [first, second, third] = [0, 1, 2].map((offset) => tokens[from + offset]?.tokenType);
  return first === t.word('given') && second === t.word('vms') && third !== t.Dot;
}
