import type { IToken } from 'chevrotain';
import { invariant } from '../../support/invariant.js';
import { LCurly, RCurly, word } from '../tokens.js';

/** Tokens by their indices, `to` exclusive. */
export interface TokenRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Something that begins a line. Between each two of its segments stands a body in braces: the first segment
 * ends with `{`, a last one behind a body is `}` alone, one between two is `} otherwise … {`.
 */
export interface Item extends TokenRange {
  readonly segments: readonly TokenRange[];
  readonly bodies: readonly (readonly Item[])[];
}

/** Cuts a text without syntax errors into its lines, each beginning at one of `starts` (offsets). */
export function outlineOf(tokens: readonly IToken[], starts: ReadonlySet<number>): readonly Item[] {
  const outliner = new Outliner(tokens, starts);
  const items = outliner.items();
  invariant(outliner.at === tokens.length, 'a text without syntax errors closes only braces that it opened');
  return items;
}

class Outliner {
  at = 0;
  readonly #tokens: readonly IToken[];
  readonly #starts: ReadonlySet<number>;

  constructor(tokens: readonly IToken[], starts: ReadonlySet<number>) {
    this.#tokens = tokens;
    this.#starts = starts;
  }

  /** Up to the end, or to the brace that closes the body. */
  items(): Item[] {
    const items: Item[] = [];
    while (this.at < this.#tokens.length && !this.#isAt(RCurly)) items.push(this.#item());
    return items;
  }

  #item(): Item {
    const from = this.at;
    const segments: TokenRange[] = [];
    const bodies: Item[][] = [];
    for (;;) {
      const start = this.at;
      // The brace behind a body belongs to the segment that follows.
      this.at++;
      const isClosed = bodies.length > 0 && !this.#isAt(word('otherwise'));
      if (!isClosed) this.#skipSentence();
      segments.push({ from: start, to: this.at });
      if (isClosed || this.#tokens[this.at - 1]?.tokenType !== LCurly) break;
      bodies.push(this.items());
      invariant(this.#isAt(RCurly), 'a text without syntax errors closes its braces');
    }
    return { from, to: this.at, segments, bodies };
  }

  /** Behind the `{` of this sentence, or to where the next line begins or the braces around it end. */
  #skipSentence(): void {
    for (; this.at < this.#tokens.length; this.at++) {
      if (this.#isAt(LCurly)) {
        this.at++;
        return;
      }
      if (this.#isAt(RCurly) || this.#starts.has(this.#tokens[this.at]?.startOffset ?? -1)) return;
    }
  }

  #isAt(type: IToken['tokenType']): boolean {
    return this.#tokens[this.at]?.tokenType === type;
  }
}
