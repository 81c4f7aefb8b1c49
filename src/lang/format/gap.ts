import type { IToken } from 'chevrotain';
import { endOf } from '../lexer.js';

/** A comment as written, from its `#`, without the blanks at its end. */
export interface Comment {
  readonly text: string;
  /** It stands behind a token on the same line. */
  readonly trailing: boolean;
  /** A blank line stands in front of it. */
  readonly afterBlank: boolean;
}

/** What stands in front of a token, or of the end of the text: white space and comments. */
export interface Gap {
  readonly comments: readonly Comment[];
  /** A line ends in it. */
  readonly endsLine: boolean;
  /** A blank line stands right in front of what follows. */
  readonly afterBlank: boolean;
}

const BYTE_ORDER_MARK = 0xfeff;

/** The gaps of a text: one in front of each of its tokens, and that behind the last. */
export function readGaps(text: string, tokens: readonly IToken[]): readonly Gap[] {
  const gaps: Gap[] = [];
  let from = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  for (const token of tokens) {
    gaps.push(readGap(text, from, token.startOffset, gaps.length > 0));
    from = endOf(token);
  }
  gaps.push(readGap(text, from, text.length, gaps.length > 0));
  return gaps;
}

const NONE: Gap = { comments: [], endsLine: false, afterBlank: false };

function readGap(text: string, start: number, end: number, followsToken: boolean): Gap {
  if (end - start <= 1 && text[start] !== '\n' && text[start] !== '#') return NONE;
  const comments: Comment[] = [];
  let lineEnds = 0;
  for (let at = start; at < end; at++) {
    if (text[at] === '\n') lineEnds++;
    if (text[at] !== '#') continue;
    const commentEnd = endOfLine(text, at, end);
    const trailing = followsToken && lineEnds === 0 && comments.length === 0;
    comments.push({ text: withoutBlankEnd(text.slice(at, commentEnd)), trailing, afterBlank: lineEnds > 1 });
    lineEnds = 0;
    at = commentEnd - 1;
  }
  return { comments, endsLine: lineEnds > 0 || comments.length > 0, afterBlank: lineEnds > 1 };
}

function endOfLine(text: string, at: number, end: number): number {
  const found = text.indexOf('\n', at);
  return found === -1 || found > end ? end : found;
}

/** Only the white space of the language: what else may look like it is the comment's own. */
function withoutBlankEnd(comment: string): string {
  let end = comment.length;
  while (' \t\r'.includes(comment.charAt(end - 1))) end--;
  return comment.slice(0, end);
}
