import type { IToken } from 'chevrotain';
import { startsLine } from './lexer.js';
import { LCurly, RCurly, Starter, word } from './tokens.js';
import { DECLARATION_STARTERS } from './words.js';

/** A stretch of a text with a sentence of the file itself at its start, and all up to the next one. */
export interface TextChunk {
  /** Offsets. The first chunk begins with the text. */
  readonly start: number;
  readonly end: number;
  /** Of its tokens: the first, and the one behind the last. */
  readonly firstToken: number;
  readonly endToken: number;
}

const DECLARATIONS = new Set(DECLARATION_STARTERS.map(word));

/**
 * Cuts a text where sentences begin that stand in no braces: in front of each starter that is first on its line. At the
 * margin a declaration counts as one wherever braces were left open. Whether a sentence really begins there is for the
 * parser to say.
 */
export function chunksOf(text: string, tokens: readonly IToken[]): readonly TextChunk[] {
  const starts: { readonly offset: number; readonly token: number }[] = [];
  let depth = 0;
  tokens.forEach((token, index) => {
    if (token.tokenType === RCurly) depth = Math.max(0, depth - 1);
    if (isAtMargin(text, token) && DECLARATIONS.has(token.tokenType)) depth = 0;
    if (depth === 0 && beginsSentence(token)) starts.push({ offset: token.startOffset, token: index });
    if (token.tokenType === LCurly) depth++;
  });
  if (starts[0]?.token !== 0) starts.unshift({ offset: 0, token: 0 });
  return starts.map(({ offset, token }, index) => {
    const next = starts[index + 1];
    return {
      start: index === 0 ? 0 : offset,
      end: next?.offset ?? text.length,
      firstToken: token,
      endToken: next?.token ?? tokens.length,
    };
  });
}

/** `otherwise` goes on with the block in front. */
const beginsSentence = (token: IToken): boolean =>
  startsLine(token) &&
  (token.tokenType.CATEGORIES ?? []).includes(Starter) &&
  token.tokenType !== word('otherwise');

const isAtMargin = (text: string, { startOffset }: IToken): boolean =>
  startOffset === 0 || text[startOffset - 1] === '\n';
