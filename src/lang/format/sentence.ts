import type { IToken } from 'chevrotain';
import { invariant } from '../../support/invariant.js';
import * as t from '../tokens.js';
import { breakRows, CLAUSES, ITEMS, listStartOf, listsGuests, NO_ROW } from './breaks.js';
import { type Document, fill, group, NOTHING_OR_END, nest, SPACE_OR_END, sequence } from './document.js';
import type { Gap } from './gap.js';
import type { TokenRange } from './outline.js';
import { isCloseList, spaceBetween } from './spacing.js';

/**
 * Columns by which further lines of a sentence are indented, and by which those of a part of it are in
 * addition.
 */
const CONTINUATION = 4;
const NESTED = 2;

/** A text without syntax errors, as its layout needs it. */
export interface Layable {
  readonly tokens: readonly IToken[];
  /** In front of each token, and at the end. */
  readonly gaps: readonly Gap[];
  /** Of each `(`, the index of its `)`. */
  readonly closing: ReadonlyMap<number, number>;
}

/** The document of the tokens of `range`: at least one, none of them a brace. */
export function sentenceDocument(text: Layable, range: TokenRange): Document {
  return new Sentence(text, range).document();
}

/**
 * What stands in front of a token: its comments and the end of their line, or `otherwise` where there are
 * none.
 */
export function gapDocument({ gaps }: Layable, index: number, otherwise: Document): Document {
  const comments = gaps[index]?.comments ?? [];
  return comments.length > 0 ? { kind: 'comments', comments } : otherwise;
}

class Sentence {
  readonly #text: Layable;
  readonly #range: TokenRange;
  readonly #rows: Uint8Array;
  readonly #listStart: number;
  readonly #countsGuests: boolean;

  constructor(text: Layable, range: TokenRange) {
    this.#text = text;
    this.#range = range;
    this.#listStart = listStartOf(text.tokens, range);
    this.#rows = breakRows(text.tokens, range, this.#listStart);
    this.#countsGuests = listsGuests(text.tokens, range.from);
  }

  document(): Document {
    return nest(CONTINUATION, this.#broken(this.#range, 0, false));
  }

  /**
   * A range, broken at the first of the rows from `row` on that occurs in it; `isPart` of what is broken
   * itself.
   */
  #broken(range: TokenRange, row: number, isPart: boolean): Document {
    if (row === NO_ROW) return this.#unbroken(range);
    const cuts = this.#cuts(range, row);
    if (cuts.length === 0) return this.#broken(range, row + 1, isPart);
    const parts: Document[] = [];
    let from = range.from;
    for (const to of [...cuts, range.to]) {
      if (from > range.from) parts.push(this.#gap(from, this.#isClose(from) ? NOTHING_OR_END : SPACE_OR_END));
      parts.push(this.#broken({ from, to }, row + 1, true));
      from = to;
    }
    const isFilled = row === CLAUSES || (row === ITEMS && !cuts.includes(this.#listStart));
    const document = isFilled ? fill(parts) : group(sequence(parts));
    return isPart ? nest(NESTED, document) : document;
  }

  /** Where a range is broken in a row; not inside parentheses. */
  #cuts({ from, to }: TokenRange, row: number): number[] {
    const cuts: number[] = [];
    for (let i = from; i < to; i++) {
      if (i > from && this.#rows[i - this.#range.from] === row) cuts.push(i);
      i = this.#text.closing.get(i) ?? i;
    }
    return cuts;
  }

  #unbroken({ from, to }: TokenRange): Document {
    const parts: Document[] = [];
    for (let i = from; i < to; i++) {
      if (i > from) parts.push(this.#gap(i, this.#space(i)));
      parts.push(this.#image(i));
      const close = this.#text.closing.get(i);
      if (close === undefined) continue;
      parts.push(this.#parenthesised({ from: i + 1, to: close }), this.#gap(close, ''), this.#image(close));
      i = close;
    }
    return sequence(parts);
  }

  #parenthesised(range: TokenRange): Document {
    return nest(NESTED, sequence([this.#gap(range.from, ''), this.#broken(range, 0, false)]));
  }

  #gap(index: number, otherwise: Document): Document {
    return gapDocument(this.#text, index, otherwise);
  }

  #space(index: number): string {
    if (this.#isClose(index)) return '';
    const [left, right] = [this.#token(index - 1), this.#token(index)];
    if (this.#countsGuests && left.tokenType === t.NumberToken) return right.tokenType === t.Comma ? '' : ' ';
    return spaceBetween(left, right);
  }

  /** Behind a comma that is followed by no blank. */
  #isClose(index: number): boolean {
    return (
      this.#token(index - 1).tokenType === t.Comma && isCloseList(this.#token(index - 2), this.#token(index))
    );
  }

  #image(index: number): string {
    return this.#token(index).image;
  }

  #token(index: number): IToken {
    const token = this.#text.tokens[index];
    invariant(token !== undefined, 'a sentence is made of tokens');
    return token;
  }
}
