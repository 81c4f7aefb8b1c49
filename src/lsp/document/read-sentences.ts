import type { IToken } from 'chevrotain';
import { startsLine } from '../../lang/lexer.js';
import { isWhole, type Readings, step, terminalsOf } from '../forms/automaton.js';
import type { BodyKind, Terminal } from '../forms/form.js';
import { type Body, type Start, startsIn } from '../forms/starts.js';

/** A sentence, declaration, property or line of a test, whole or not; indices into the tokens of the text. */
export interface Sentence {
  /** Where it stands. */
  readonly body: Body;
  readonly first: number;
  /** Behind its last token; of one with braces, behind the opening one. */
  readonly end: number;
  /** Nothing is missing in front of its braces, and nothing is in the way. */
  readonly isWhole: boolean;
  /** Index of the sentence in whose braces it stands; null in the file itself. */
  readonly parent: number | null;
  /** Index of the token that closes its braces; null where it has none, or they stay open. */
  readonly closing: number | null;
  /** What its braces hold; null where it has none. */
  readonly opened: BodyKind | null;
}

/** The tokens of a text with what each is taken for. */
export interface TextReading {
  readonly tokens: readonly IToken[];
  /** As many as tokens; null for what fits nowhere, and for closing braces. */
  readonly terminals: readonly (Terminal | null)[];
  /** In the order of the text. */
  readonly sentences: readonly Sentence[];
}

type Draft = { -readonly [K in keyof Sentence]: Sentence[K] };

interface Context {
  readonly body: Body;
  /** Index of the sentence whose braces these are. */
  readonly sentence: number | null;
}

/** Cuts tokens into sentences and says what each token is. Any text gives a reading, in linear time. */
export function readSentences(text: string, tokens: readonly IToken[]): TextReading {
  const reader = new SentenceReader(text, tokens);
  tokens.forEach((token, index) => {
    reader.read(token, index);
  });
  return reader.finish();
}

class SentenceReader {
  readonly #text: string;
  readonly #tokens: readonly IToken[];
  readonly #terminals: (Terminal | null)[];
  readonly #sentences: Draft[] = [];
  readonly #contexts: Context[] = [{ body: 'policy', sentence: null }];
  #current: Draft | null = null;
  #start: Start | null = null;
  #readings: Readings = [];
  #isBroken = false;

  constructor(text: string, tokens: readonly IToken[]) {
    this.#text = text;
    this.#tokens = tokens;
    this.#terminals = new Array<Terminal | null>(tokens.length).fill(null);
  }

  get #context(): Context {
    // INVARIANT: the context of the file is never taken off.
    return this.#contexts.at(-1)!;
  }

  read(token: IToken, index: number): void {
    if (token.image === '}') {
      this.#close(index);
      return;
    }
    if (this.#current !== null && this.#endsBefore(token)) this.#endSentence(index);
    if (this.#current === null) this.#begin(token, index);
    else this.#goOn(token);
    if (token.image === '{') this.#open(index);
  }

  finish(): TextReading {
    this.#endSentence(this.#tokens.length);
    return { tokens: this.#tokens, terminals: this.#terminals, sentences: this.#sentences };
  }

  /** Whether the next sentence begins here. */
  #endsBefore(token: IToken): boolean {
    if (!this.#isBroken && step(this.#readings, token, true).length > 0) return false;
    const isStarter = startsIn(this.#context.body).has(token.image) || this.#leavesBody(token);
    if (!this.#isBroken && isWhole(this.#readings)) return isStarter || startsLine(token);
    return isStarter && startsLine(token);
  }

  /** At the margin, something that can only stand in a file itself: a closing brace is missing in front of it. */
  #leavesBody(token: IToken): boolean {
    const { body } = this.#context;
    return (
      body !== 'policy' &&
      !startsIn(body).has(token.image) &&
      startsIn('policy').has(token.image) &&
      isAtMargin(this.#text, token)
    );
  }

  #begin(token: IToken, index: number): void {
    if (this.#leavesBody(token)) this.#contexts.length = 1;
    const { body, sentence: parent } = this.#context;
    this.#start = startsIn(body).get(token.image) ?? null;
    this.#readings = this.#start === null ? [] : step(this.#start.readings, token, true);
    this.#isBroken = this.#start === null;
    this.#current = {
      body,
      first: index,
      end: index + 1,
      isWhole: false,
      parent,
      closing: null,
      opened: null,
    };
    this.#sentences.push(this.#current);
  }

  #goOn(token: IToken): void {
    if (this.#isBroken) return;
    const strict = step(this.#readings, token, true);
    const next = strict.length > 0 ? strict : step(this.#readings, token, false);
    if (next.length > 0) this.#readings = next;
    else this.#isBroken = true;
  }

  #open(index: number): void {
    const opened = this.#start?.opens ?? this.#guessBody(index);
    const sentence = this.#sentences.length - 1;
    if (this.#current !== null) this.#current.opened = opened;
    this.#endSentence(index + 1);
    this.#contexts.push({ body: opened, sentence });
  }

  /** Of braces where none are expected: by the word behind them. */
  #guessBody(index: number): BodyKind {
    const inside = this.#tokens[index + 1]?.image ?? '';
    return BODY_KINDS.find((body) => startsIn(body).has(inside)) ?? 'block';
  }

  #close(index: number): void {
    this.#endSentence(index);
    const { sentence } = this.#context;
    if (this.#contexts.length > 1) this.#contexts.pop();
    const opener = sentence === null ? undefined : this.#sentences[sentence];
    if (opener) opener.closing = index;
  }

  #endSentence(end: number): void {
    if (this.#current === null) return;
    this.#current.end = end;
    this.#current.isWhole = !this.#isBroken && isWhole(this.#readings);
    terminalsOf(this.#readings).forEach((terminal, offset) => {
      this.#terminals[(this.#current?.first ?? 0) + offset] = terminal;
    });
    this.#current = null;
  }
}

const BODY_KINDS: readonly BodyKind[] = ['block', 'class', 'host', 'offer', 'test'];

const isAtMargin = (text: string, { startOffset }: IToken): boolean =>
  startOffset === 0 || text[startOffset - 1] === '\n';
