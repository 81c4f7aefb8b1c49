import { type IToken, type TokenType, tokenMatcher } from 'chevrotain';
import { catalogue } from './catalogue.js';
import { spanOf } from './lexer.js';
import type { Reporter } from './reporter.js';
import { LCurly, LParen, RCurly, RParen, Starter, word } from './tokens.js';

/** Bytes of a policy file. */
export const MAX_BYTES = 1_048_576;
/** Levels of braces, parentheses, `not`, `except` and `otherwise when` within each other. */
export const MAX_NESTING = 64;

/** Whether the text can be a policy at all; says why not. */
export function checkText(reporter: Reporter): boolean {
  const { text } = reporter.source;
  const bytes = byteLength(text);
  const start = { start: 0, end: 0 };
  if (bytes > MAX_BYTES) {
    reporter.add(catalogue.tooLarge.at(reporter.place(start), { bytes, limit: MAX_BYTES }));
    return false;
  }
  return (
    checkCharacter('\0', 'a NUL character', reporter) &&
    checkCharacter('\uFFFD', 'bytes that are not UTF-8', reporter)
  );
}

function checkCharacter(
  character: string,
  what: 'a NUL character' | 'bytes that are not UTF-8',
  reporter: Reporter,
): boolean {
  const at = reporter.source.text.indexOf(character);
  if (at === -1) return true;
  reporter.add(catalogue.notText.at(reporter.place({ start: at, end: at + 1 }), { what }));
  return false;
}

/** In UTF-8; without the encoder, which not every engine has at hand, and only as exact as the limit needs. */
function byteLength(text: string): number {
  if (text.length > MAX_BYTES || text.length * 3 <= MAX_BYTES) return text.length;
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // A pair of surrogates is four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}

/** Whether the parser may recurse into these tokens. */
export function checkNesting(tokens: readonly IToken[], reporter: Reporter): boolean {
  const depth = new NestingDepth();
  for (const token of tokens) {
    if (depth.after(token) <= MAX_NESTING) continue;
    reporter.add(catalogue.nesting.at(reporter.place(spanOf(token)), { limit: MAX_NESTING }));
    return false;
  }
  return true;
}

/** How deep the tree grows: brackets, and runs of `not`, of `except` and of `otherwise when` at each level of them. */
class NestingDepth {
  /** What each open bracket adds: itself, and the runs in front of it. */
  readonly #open: { readonly added: number; readonly arms: number; readonly operators: number }[] = [];
  #sum = 0;
  /** `not`s and `except`s since the last `and` or `or`. */
  #operators = 0;
  /** `otherwise`s since the sentence began. */
  #arms = 0;
  #previous: TokenType | null = null;

  after(token: IToken): number {
    const type = token.tokenType;
    if (type === LCurly) this.#push(1 + this.#arms);
    else if (type === LParen) this.#push(1 + this.#operators);
    else if (type === RCurly || type === RParen) this.#pop(type);
    else if (type === NOT || type === EXCEPT) this.#operators++;
    else if (type === AND || type === OR) this.#operators = 0;
    else if (type === OTHERWISE) this.#arms++;
    else if (tokenMatcher(token, Starter)) this.#beginSentence(type);
    this.#previous = type;
    return this.#sum + this.#operators + this.#arms;
  }

  #beginSentence(type: TokenType): void {
    this.#operators = 0;
    if (type !== WHEN || this.#previous !== OTHERWISE) this.#arms = 0;
  }

  #push(added: number): void {
    this.#open.push({ added, arms: this.#arms, operators: this.#operators });
    this.#sum += added;
    this.#operators = 0;
    this.#arms = 0;
  }

  #pop(type: TokenType): void {
    const { added, arms, operators } = this.#open.pop() ?? { added: 0, arms: 0, operators: 0 };
    this.#sum -= added;
    this.#arms = arms;
    // Behind braces a new sentence begins; behind parentheses a run of `except` goes on.
    this.#operators = type === RParen ? operators : 0;
  }
}

const NOT = word('not');
const EXCEPT = word('except');
const AND = word('and');
const OR = word('or');
const OTHERWISE = word('otherwise');
const WHEN = word('when');
