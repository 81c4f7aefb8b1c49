import type { IToken } from 'chevrotain';

/** Where tokens stand on their lines. */
export interface Layout {
  /** Columns in front of a token that is the first on its line; null for others. */
  indentOf(token: IToken): number | null;
  /** Columns in front of the first token on the line of this one. */
  lineIndentOf(token: IToken): number;
}

/** Of a part of a text, of which nobody knows how it is laid out. */
export const NO_LAYOUT: Layout = { indentOf: () => null, lineIndentOf: () => 0 };

/** Deeper than anyone writes; beyond it nobody looks, so that the time stays linear. */
const MAX_COLUMNS = 200;

/** The columns of tokens, a tab counted as one. */
export class TextLayout implements Layout {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  indentOf({ startOffset }: IToken): number | null {
    const from = Math.max(0, startOffset - MAX_COLUMNS);
    let at = startOffset;
    while (at > from && isBlank(this.#text[at - 1])) at--;
    return at === 0 || this.#text[at - 1] === '\n' ? startOffset - at : null;
  }

  lineIndentOf({ startOffset }: IToken): number {
    const from = Math.max(0, startOffset - MAX_COLUMNS);
    const head = this.#text.slice(from, startOffset);
    const line = head.slice(head.lastIndexOf('\n') + 1);
    return line.length - line.trimStart().length;
  }
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';
