import type { IToken } from 'chevrotain';
import { endOf, type Lexed, lex, startsLine } from './lexer.js';
import { LCurly, LParen, RCurly, RParen, Starter, word } from './tokens.js';
import { DECLARATION_STARTERS } from './words.js';

/** A stretch of a text with a sentence of the file itself at its start, and all up to the next one. */
export interface TextChunk {
  /** Offsets. The first chunk begins with the text. */
  readonly start: number;
  readonly end: number;
  /** The word that it begins with; empty for none. */
  readonly starter: string;
}

export interface TextChunks {
  /** At least one, each beginning where the one before ends. */
  readonly chunks: readonly TextChunk[];
  /** Every bracket is closed in the chunk in which it is opened. */
  readonly isBalanced: boolean;
}

const DECLARATIONS = new Set(DECLARATION_STARTERS.map(word));

/**
 * Cuts a text where sentences begin that stand in no braces: in front of each starter that is first on its line. At the
 * margin a declaration counts as one wherever brackets were left open. Whether a sentence really begins there is for the
 * parser to say.
 */
export function chunksOf(text: string, tokens: readonly IToken[]): TextChunks {
  const starts: IToken[] = [];
  let open = 0;
  let isBalanced = true;
  for (const token of tokens) {
    const { tokenType } = token;
    if (tokenType === RCurly || tokenType === RParen) open = Math.max(0, open - 1);
    if (open > 0 && isAtMargin(text, token) && DECLARATIONS.has(tokenType)) {
      open = 0;
      isBalanced = false;
    }
    if (open === 0 && beginsSentence(token)) starts.push(token);
    if (tokenType === LCurly || tokenType === LParen) open++;
  }
  return { chunks: between(starts, text, tokens[0]), isBalanced: isBalanced && open === 0 };
}

function between(starts: readonly IToken[], text: string, first: IToken | undefined): readonly TextChunk[] {
  const begins = starts.map(({ startOffset, image }) => ({ start: startOffset, starter: image }));
  if (begins.length === 0 || starts[0] !== first) begins.unshift({ start: 0, starter: '' });
  return begins.map(({ start, starter }, index) => ({
    start: index === 0 ? 0 : start,
    end: begins[index + 1]?.start ?? text.length,
    starter,
  }));
}

/** `otherwise` goes on with the block in front. */
const beginsSentence = (token: IToken): boolean =>
  startsLine(token) &&
  (token.tokenType.CATEGORIES ?? []).includes(Starter) &&
  token.tokenType !== word('otherwise');

const isAtMargin = (text: string, { startOffset }: IToken): boolean =>
  startOffset === 0 || text[startOffset - 1] === '\n';

/** What the lexer finds in some chunks of a text, at its offsets there. Each begins where a line may be cut into tokens. */
export function lexChunks(text: string, chunks: readonly TextChunk[]): Lexed {
  const parts = chunks.map(({ start, end }) => moved(lex(text.slice(start, end)), start));
  return {
    tokens: parts.flatMap(({ tokens }) => tokens),
    strays: parts.flatMap(({ strays }) => strays),
    crowded: parts.flatMap(({ crowded }) => crowded),
  };
}

function moved(lexed: Lexed, by: number): Lexed {
  for (const token of lexed.tokens) {
    token.startOffset += by;
    token.endOffset = endOf(token) - 1;
  }
  return { ...lexed, strays: lexed.strays.map(({ start, end }) => ({ start: start + by, end: end + by })) };
}
