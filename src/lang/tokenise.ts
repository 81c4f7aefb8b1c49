import { type IToken, Lexer, type TokenType } from 'chevrotain';
import { invariant } from '../support/invariant.js';
import { LEXED_TOKENS } from './tokens.js';
import type { Span } from './tree.js';

export interface Tokens {
  readonly tokens: IToken[];
  /** Runs of characters that belong to no token. */
  readonly strays: readonly Span[];
}

/**
 * Cuts a text into the tokens of tokens.ts: at each place the first of them that matches. It does what Chevrotain's
 * Lexer does with the same definitions (a test compares the two), with one regular expression instead of an object that
 * takes longer to build than a small policy takes to compile. Linear; never throws.
 */
export function tokenise(text: string): Tokens {
  const pattern = thePattern();
  const tokens: IToken[] = [];
  const strays: Span[] = [];
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) {
      addStray(strays, at);
      pattern.lastIndex = at + 1;
      continue;
    }
    const type = typeOf(match);
    if (type.GROUP !== Lexer.SKIPPED) tokens.push(tokenAt(at, match[0], type));
  }
  return { tokens, strays };
}

let combined: RegExp | null = null;

/** One group for each token type, in their order. */
function thePattern(): RegExp {
  combined ??= new RegExp(LEXED_TOKENS.map((type) => `(${sourceOf(type)})`).join('|'), 'y');
  return combined;
}

function sourceOf({ PATTERN, name }: TokenType): string {
  if (PATTERN instanceof RegExp) return PATTERN.source;
  invariant(typeof PATTERN === 'string', `${name} is lexed, so it has a pattern`);
  return PATTERN.replace(/[{}().\\^$*+?|[\]]/g, '\\$&');
}

function typeOf(match: RegExpExecArray): TokenType {
  let group = 1;
  while (match[group] === undefined) group++;
  const type = LEXED_TOKENS[group - 1];
  invariant(type !== undefined, 'some group of the pattern matched');
  return type;
}

function tokenAt(startOffset: number, image: string, tokenType: TokenType): IToken {
  invariant(tokenType.tokenTypeIdx !== undefined, 'createToken has given every token type its index');
  const endOffset = startOffset + image.length - 1;
  return { image, startOffset, endOffset, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx };
}

/** Neighbours become one. */
function addStray(strays: Span[], at: number): void {
  const last = strays.at(-1);
  if (last?.end === at) strays[strays.length - 1] = { start: last.start, end: at + 1 };
  else strays.push({ start: at, end: at + 1 });
}
