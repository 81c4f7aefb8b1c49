import type { IToken } from 'chevrotain';
import type { Fix } from './diagnostic.js';
import { lex } from './lexer.js';
import type { PolicyParser } from './parser.js';
import type { Reporter } from './reporter.js';
import { removal } from './syntax-candidates.js';
import type { Region } from './syntax-problem.js';
import type { Span } from './tree.js';

/** A change of the text that may mend a mistake. */
export interface Candidate {
  readonly span: Span;
  readonly text: string;
}

/** Longer parts of a text are not read again: no sentence that people write is as long. */
const MAX_REGION = 4000;
/** Characters that are read again in one text, so that an editor is not kept waiting for fixes. */
const MAX_READ = 16_000;
/** What a try costs besides, in characters. */
const TRY_COST = 50;

/** Finds out which changes mend a mistake, by reading the text anew with each. */
export class Repairer {
  readonly #parser: PolicyParser;
  readonly #reporter: Reporter;
  #left = MAX_READ;

  constructor(parser: PolicyParser, reporter: Reporter) {
    this.#parser = parser;
    this.#reporter = reporter;
  }

  /**
   * Of groups of candidates, the better ones first, the only one of its group with which some of the regions is read
   * without a mistake. Where several of one group mend it, nobody knows which was meant.
   */
  fix(groups: Iterable<readonly Candidate[]>, regions: readonly (Region | null)[]): Fix | null {
    const readable = regions.flatMap((region) => this.#bounded(region) ?? []);
    if (readable.length === 0) return null;
    for (const group of groups) {
      const mending = group.filter((candidate) => readable.some((region) => this.#mends(candidate, region)));
      const [only] = mending;
      if (only !== undefined) return mending.length === 1 ? this.replacement(only) : null;
    }
    return null;
  }

  replacement({ span, text }: Candidate): Fix {
    return this.#reporter.replacement(span, text);
  }

  /** Takes a token away, with the blanks in front of it. */
  removal(token: IToken): Fix {
    const { span } = removal(token, this.#reporter.source.text);
    return this.#reporter.replacement(span, '', `Remove \`${token.image}\``);
  }

  #bounded(region: Region | null): Region | null {
    if (region === null) return null;
    const end = Math.min(region.end, this.#reporter.source.text.length);
    return end - region.start > MAX_REGION ? null : { ...region, end };
  }

  #mends({ span, text }: Candidate, { rule, start, end }: Region): boolean {
    if (span.start < start || span.end > end || this.#left < 0) return false;
    this.#left -= end - start + TRY_COST;
    const { text: whole } = this.#reporter.source;
    const mended = whole.slice(start, span.start) + text + whole.slice(span.end, end);
    const { tokens, strays, crowded } = lex(mended);
    return strays.length === 0 && crowded.length === 0 && this.#parser.reads(rule, tokens);
  }
}
