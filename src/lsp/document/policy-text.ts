import type { IToken } from 'chevrotain';
import type { Position, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { endOf, lex } from '../../lang/lexer.js';
import { MAX_BYTES } from '../../lang/text-limits.js';
import type { Span } from '../../lang/tree.js';
import { readSentences, type Sentence, type TextReading } from './read-sentences.js';

/** A text as it is now, with what editors ask of it; worked out when first asked for. */
export class PolicyText {
  readonly uri: string;
  readonly text: string;
  #reading: TextReading | null = null;
  #document: TextDocument | null = null;

  constructor(uri: string, text: string) {
    this.uri = uri;
    this.text = text;
  }

  get reading(): TextReading {
    // No policy is as long, so there is nothing to ask of it.
    this.#reading ??= readSentences(this.text, this.text.length > MAX_BYTES ? [] : lex(this.text).tokens);
    return this.#reading;
  }

  get #lines(): TextDocument {
    this.#document ??= TextDocument.create(this.uri, 'vmc', 0, this.text);
    return this.#document;
  }

  /** Lines and UTF-16 units from 0, as the protocol counts them. */
  range({ start, end }: Span): Range {
    return { start: this.#lines.positionAt(start), end: this.#lines.positionAt(end) };
  }

  offsetAt(position: Position): number {
    return this.#lines.offsetAt(position);
  }

  /** Index of the last token that begins in front of `offset`; -1 when there is none. */
  tokenBefore(offset: number): number {
    const { tokens } = this.reading;
    let low = 0;
    let high = tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tokens[middle]?.startOffset ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Index of the token at `offset`, or else of the one that ends there; null in white space and comments. */
  tokenAt(offset: number): number | null {
    const { tokens } = this.reading;
    const index = this.tokenBefore(offset + 1);
    const candidates = tokens[index]?.startOffset === offset ? [index, index - 1] : [index];
    const hit = candidates.find((each) => covers(tokens[each], offset));
    const word = candidates.find((each) => covers(tokens[each], offset) && isWordLike(tokens[each]));
    return word ?? hit ?? null;
  }

  /** Index of the sentence that a token is of; null for closing braces. */
  sentenceOfToken(token: number): number | null {
    const { sentences } = this.reading;
    let low = 0;
    let high = sentences.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sentences[middle]?.first ?? 0) <= token) low = middle + 1;
      else high = middle;
    }
    const found = sentences[low - 1];
    return found !== undefined && token < found.end ? low - 1 : null;
  }

  /** From its first to its last token, without an opening brace. */
  spanOf({ first, end }: Sentence): Span {
    const { tokens } = this.reading;
    const start = tokens[first]?.startOffset ?? 0;
    const isBlock = tokens[end - 1]?.image === '{' && end - 1 > first;
    const last = tokens[isBlock ? end - 2 : end - 1];
    return { start, end: last === undefined ? start : endOf(last) };
  }

  /** With its braces and all that is in them. */
  fullSpanOf(sentence: Sentence): Span {
    const { tokens } = this.reading;
    const head = this.spanOf(sentence);
    if (sentence.opened === null) return head;
    const closing = sentence.closing === null ? tokens.at(-1) : tokens[sentence.closing];
    return { start: head.start, end: closing === undefined ? head.end : endOf(closing) };
  }

  tokenSpan(index: number): Span {
    const token = this.reading.tokens[index];
    return token === undefined ? { start: 0, end: 0 } : { start: token.startOffset, end: endOf(token) };
  }
}

const covers = (token: IToken | undefined, offset: number): boolean =>
  token !== undefined && token.startOffset <= offset && offset <= endOf(token);

const isWordLike = (token: IToken | undefined): boolean =>
  token !== undefined && /^["A-Za-z]/.test(token.image);
