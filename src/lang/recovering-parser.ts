import {
  type CstNode,
  CstParser,
  EOF,
  type IOrAlt,
  type IRecognitionException,
  type IToken,
  isRecognitionException,
  type ParserMethod,
  tokenMatcher,
} from 'chevrotain';
import { type Body, startsSentence } from './bodies.js';
import { nearest } from './did-you-mean.js';
import { LazyLookahead, type LooksAhead } from './lazy-lookahead.js';
import { markDamaged, startsLine } from './lexer.js';
import {
  Expectations,
  type GuardedRule,
  type Mismatch,
  type Region,
  type SyntaxProblem,
} from './syntax-problem.js';
import { type Layout, NO_LAYOUT } from './text-layout.js';
import { BareName, Identifier, LCurly, RCurly, Text, VOCABULARY, word } from './tokens.js';
import { ANY_NAME } from './tree.js';
import { DECLARATION_STARTERS, STARTERS } from './words.js';

/** Beyond this many mistakes in one file the rest is not read: the first ones have to be mended anyway. */
export const MAX_PROBLEMS = 50;

/**
 * What the grammar in parser.ts needs to go on after a mistake. Chevrotain's own recovery resynchronises at any
 * token that may follow; here a sentence is taken up again only where one begins a line or follows a brace,
 * since the words that begin sentences also stand inside them (`then pause`, `by share`).
 */
export abstract class RecoveringParser extends CstParser implements LooksAhead {
  readonly problems: SyntaxProblem[] = [];
  /** Names whose declarations could not be read: what uses them is not a mistake too. */
  readonly lostNames: string[] = [];
  readonly #expectations: Expectations;
  #noted: Error | null = null;
  /** What was read last without a mistake. */
  #lastRead: Omit<Region, 'end'> | null = null;
  readonly #declarations = new Set(DECLARATION_STARTERS.map(word));

  constructor(skipValidations: boolean) {
    const expectations = new Expectations();
    super([...VOCABULARY], {
      maxLookahead: 1,
      // Chevrotain's own strategy is slower to start, but can prove that the grammar needs no more than that.
      ...(skipValidations ? { lookaheadStrategy: new LazyLookahead() } : {}),
      recoveryEnabled: false,
      skipValidations,
      nodeLocationTracking: 'onlyOffset',
      errorMessageProvider: expectations,
    });
    this.#expectations = expectations;
  }

  override reset(): void {
    super.reset();
    // Chevrotain's constructor calls reset() before this class's fields exist.
    if (this.problems === undefined) return;
    this.problems.length = 0;
    this.#lastRead = null;
    this.lostNames.length = 0;
  }

  /**
   * Ends the recording of the grammar. Chevrotain (11.2, whose exact version package.json names) deletes the hundred
   * methods with which it records one by one, which takes as long as the recording itself; here the methods of the
   * class are put in their place. Were this never called, parsing would be the same, only slower to begin.
   */
  protected disableRecording(): void {
    const own = this as unknown as Record<string, unknown>;
    const inherited = Object.getPrototypeOf(this) as Record<string, unknown>;
    own['RECORDING_PHASE'] = false;
    for (const name of Object.keys(own)) {
      if (typeof inherited[name] === 'function') own[name] = inherited[name];
    }
  }

  /** A rule that is one of several: they are made once, not at each use. */
  protected choice(name: string, alternatives: IOrAlt<unknown>[]): ParserMethod<[], CstNode> {
    return this.RULE(name, () => {
      this.OR(alternatives);
    });
  }

  nextTypeIndex(): number {
    return this.LA(1).tokenTypeIdx;
  }

  /**
   * Runs `read`, which reads what `rule` begins with; a mistake in it is noted, and `recover` skips what belongs to it. Where
   * that says that it failed, the rule around this one has to recover. `isBehind`: it may belong to the sentence before.
   */
  protected guarded(rule: GuardedRule, read: () => void, recover: () => boolean, isBehind = false): void {
    const head = [this.LA(1), this.LA(2), this.LA(3), this.LA(4)];
    const start = this.LA(1).startOffset;
    const before = isBehind || isRunOn(this.LA(1)) ? this.#lastRead : null;
    try {
      read();
      this.#lastRead = { rule, start };
    } catch (error) {
      if (!(error instanceof Error) || !isRecognitionException(error)) throw error;
      const noted = error === this.#noted ? null : this.#mismatch(error as unknown as IRecognitionException);
      this.#noted = error;
      this.#loseName(head);
      const isRecovered = recover();
      const end = this.#here();
      const joined = before === null ? null : { ...before, end };
      if (noted !== null) this.report({ ...noted, region: { rule, start, end }, joined });
      if (!isRecovered) throw error;
    }
  }

  #mismatch(error: IRecognitionException): Mismatch {
    return {
      kind: 'mismatch',
      token: error.token,
      previous: this.previousToken(),
      expected: this.#expectations.expected,
      rules: error.context.ruleStack,
      region: null,
      joined: null,
    };
  }

  /** Where the next token begins. */
  #here(): number {
    const next = this.LA(1);
    return next.tokenType === EOF ? Number.POSITIVE_INFINITY : next.startOffset;
  }

  /** What the sentence would have declared, of which these are the first words; an import could declare anything. */
  #loseName(head: readonly IToken[]): void {
    const keyword = head[0]?.tokenType;
    if (keyword === word('import')) this.lostNames.push(ANY_NAME);
    else if (keyword === word('offer'))
      this.#loseFirst(head.slice(2).filter((token) => !isGuestsWord(token)));
    else if (keyword !== undefined && this.#declarations.has(keyword)) this.#loseFirst(head.slice(1, 2));
  }

  #loseFirst(tokens: readonly IToken[]): void {
    const name = tokens.find((token) => token.tokenType === Text || tokenMatcher(token, BareName));
    if (name !== undefined) this.lostNames.push(name.image.replace(/^"|"$/g, ''));
  }

  protected report(problem: SyntaxProblem): void {
    if (this.problems.length < MAX_PROBLEMS) {
      this.problems.push(problem);
      return;
    }
    if (this.problems.length > MAX_PROBLEMS) return;
    this.problems.push({ kind: 'too-many', token: problem.token });
    while (this.LA(1).tokenType !== EOF) this.SKIP_TOKEN();
  }

  /** Where a list of sentences or properties goes on or ends: anything else there is reported and skipped. */
  protected skipStrays(body: Body, open: IToken | null): void {
    while (!this.endsBody(body, open) && !this.#starts(body)) {
      const token = this.LA(1);
      if (open !== null) markDamaged(open);
      const [previous, last] = [this.previousToken(), this.#lastRead];
      if (token.tokenType !== LCurly && token.tokenType !== EOF) this.SKIP_TOKEN();
      if (token.tokenType !== RCurly) this.skipSentence(body, true);
      const end = this.#here();
      const region = { rule: body.element, start: token.startOffset, end };
      const joined = last === null ? null : { ...last, end };
      this.report({ kind: 'stray', token, previous, rule: body.rule, region, joined });
    }
  }

  /** A sentence ends a body that holds none, unless it stands deeper than the line on which the body begins. */
  protected endsBody(body: Body, open: IToken | null): boolean {
    const next = this.LA(1);
    if (next.tokenType === EOF) return true;
    if (open === null) return false;
    if (next.tokenType === RCurly || this.#leavesBlock(next)) return true;
    if (body.rule === 'block' || !isBoundary(next) || this.#starts(body)) return false;
    const indent = this.layout.indentOf(next);
    return indent !== null && indent <= this.layout.lineIndentOf(open);
  }

  /** A declaration at the left margin cannot be meant to stand inside braces: the brace is missing. */
  #leavesBlock(token: IToken): boolean {
    return startsLine(token) && this.#declarations.has(token.tokenType) && this.isAtMargin(token);
  }

  /** Set for each text by the caller. */
  layout: Layout = NO_LAYOUT;

  protected isAtMargin(token: IToken): boolean {
    return this.layout.indentOf(token) === 0;
  }

  /**
   * Whether a body begins without its `{`: the missing sign is reported, and what follows is read as the body. The
   * token at hand then stands for the brace.
   */
  protected lacksBrace(body: Body): boolean {
    const token = this.LA(1);
    if (!this.#starts(body)) return false;
    const previous = this.previousToken();
    this.report({
      kind: 'mismatch',
      token,
      previous,
      expected: [LCurly],
      rules: [body.rule],
      region: null,
      joined: null,
    });
    return true;
  }

  /** Whether the token at hand follows a sentence, on its line. */
  protected isBehindSentence(): boolean {
    const previous = this.previousToken();
    const isOpening = previous === null || NO_SENTENCE_ENDS.includes(previous.tokenType);
    return !isOpening && isRunOn(this.LA(1));
  }

  /** The `}` that ends a body, or a report that it is missing. */
  protected isClosed(open: IToken): boolean {
    if (this.LA(1).tokenType === RCurly) return true;
    markDamaged(open);
    const told = this.problems.find((problem) => problem.kind === 'unclosed');
    if (told === undefined) {
      const previous = this.previousToken();
      this.report({ kind: 'unclosed', open, token: this.LA(1), previous, count: 1 });
    } else if (told.token === this.LA(1)) told.count++;
    return false;
  }

  protected previousToken(): IToken | null {
    const previous = this.LA(0);
    return previous.tokenType === EOF || previous.image === undefined ? null : previous;
  }

  /**
   * Skips to where the body goes on or a sentence begins anew, over whole pairs of braces. Behind a line that began with an
   * unknown word the next such line at the left margin is a mistake of its own.
   */
  protected skipSentence(body: Body, isStray = false): void {
    let depth = 0;
    for (let next = this.LA(1); next.tokenType !== EOF; next = this.LA(1)) {
      if (this.#mayResume(next, depth, body)) return;
      // A `{` at the margin is that of the line before.
      if (isStray && depth === 0 && next.tokenType !== LCurly && this.isAtMargin(next)) return;
      if (next.tokenType === RCurly && depth === 0) return;
      if (next.tokenType === LCurly) depth++;
      if (next.tokenType === RCurly) depth--;
      this.SKIP_TOKEN();
    }
  }

  /** A recovery that always succeeds. */
  protected resumeAt(body: Body): () => boolean {
    return () => {
      this.skipSentence(body);
      return true;
    };
  }

  #mayResume(token: IToken, depth: number, body: Body): boolean {
    if (depth > 0) return this.#leavesBlock(token);
    if (!startsLine(token)) return false;
    return startsSentence(token) || this.#starts(body) || this.#isMisspelt(token, body);
  }

  #starts(body: Body): boolean {
    return body.starts(this.LA(1), this.LA(2), this.layout);
  }

  /** A word that is nearly one with which a sentence begins, or, first on its line, what the body lists. */
  #isMisspelt(token: IToken, { words }: Body): boolean {
    if (token.tokenType !== Identifier) return false;
    if (nearest(token.image, STARTERS) !== null) return true;
    return words !== STARTERS && this.layout.indentOf(token) !== null && nearest(token.image, words) !== null;
  }

  /** Skips to the `{` of a block whose head could not be read; false when there is none before the next sentence. */
  protected skipToBlock(): boolean {
    for (let next = this.LA(1); next.tokenType !== EOF; next = this.LA(1)) {
      if (next.tokenType === LCurly) return true;
      if (next.tokenType === RCurly || isBoundary(next)) return false;
      this.SKIP_TOKEN();
    }
    return false;
  }
}

/** Behind these a `when` stands where it should. */
const NO_SENTENCE_ENDS = [LCurly, RCurly, word('otherwise')];

const isGuestsWord = ({ tokenType }: IToken): boolean =>
  tokenType === word('vms') || tokenType === word('vm');

/** A word that begins a sentence, where a sentence can begin. */
export const isBoundary = (token: IToken): boolean => startsLine(token) && startsSentence(token);

/** A sentence that begins in the midst of a line, so that it may belong to the one before. */
const isRunOn = (token: IToken): boolean => startsSentence(token) && !startsLine(token);
