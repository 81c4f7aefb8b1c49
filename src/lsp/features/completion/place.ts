import type { IToken } from 'chevrotain';
import { endOf } from '../../../lang/lexer.js';
import type { Span } from '../../../lang/tree.js';
import { commentAt } from '../../document/comments.js';
import type { PolicyText } from '../../document/policy-text.js';
import type { Sentence } from '../../document/read-sentences.js';
import { isWhole, type Readings, step } from '../../forms/automaton.js';
import { type Body, startsIn } from '../../forms/starts.js';

/** What stands in front of the cursor, as far as it decides what may follow. */
export interface CompletionPlace {
  /** What the completion replaces: the word or the inside of the string at the cursor, or nothing. */
  readonly replace: Span;
  /** The cursor is in a string: only what a string can hold fits. */
  readonly inString: boolean;
  /** How the sentence can go on; none between sentences and behind what cannot be read. */
  readonly readings: Readings;
  /** The tokens of the sentence in front of the cursor. */
  readonly tokens: readonly IToken[];
  /** Nothing of the sentence stands on this line yet. */
  readonly isFirst: boolean;
  /** What may begin here; null where no sentence can. */
  readonly body: Body | null;
  /** Index of the sentence whose braces these are; null in the file itself. */
  readonly parent: number | null;
}

/** Null in comments. */
export function placeOf(text: PolicyText, offset: number): CompletionPlace | null {
  if (commentAt(text.text, offset) !== null) return null;
  const last = text.tokenBefore(offset);
  const prefix = prefixAt(text, offset, last);
  const before = prefix === null ? last : last - 1;
  const inString = prefix?.image.startsWith('"') ?? false;
  const replace = prefix === null ? { start: offset, end: offset } : replaced(prefix, offset);
  const { body, parent } = bodyBehind(text, before);
  const { readings, tokens } = readingsBehind(text, before);
  const isFirst = tokens.length === 0 || beginsLine(text, before, prefix?.startOffset ?? offset);
  // Properties and guarded sentences often stand on one line with their braces.
  const canBegin = !inString && (isFirst || (isWhole(readings) && body !== 'policy'));
  return { replace, inString, readings, tokens, isFirst, body: canBegin ? body : null, parent };
}

/** The word or string that is being typed. */
function prefixAt(text: PolicyText, offset: number, last: number): IToken | null {
  const token = text.reading.tokens[last];
  if (token === undefined || endOf(token) < offset) return null;
  if (token.image.startsWith('"')) return isInside(token, offset) ? token : null;
  return /^[A-Za-z]/.test(token.image) ? token : null;
}

function isInside(token: IToken, offset: number): boolean {
  const isClosed = token.image.length > 1 && token.image.endsWith('"');
  return offset < endOf(token) || !isClosed;
}

/** Of a string its inside, up to the cursor where it does not end. */
function replaced(token: IToken, offset: number): Span {
  if (!token.image.startsWith('"')) return { start: token.startOffset, end: offset };
  const isClosed = token.image.length > 1 && token.image.endsWith('"');
  return { start: token.startOffset + 1, end: isClosed ? endOf(token) - 1 : offset };
}

/** In what a sentence behind the token would stand. */
function bodyBehind(text: PolicyText, token: number): { body: Body; parent: number | null } {
  const { tokens, sentences } = text.reading;
  if (token < 0) return { body: 'policy', parent: null };
  const index = text.sentenceOfToken(token);
  const sentence = index === null ? undefined : sentences[index];
  if (sentence !== undefined && tokens[token]?.image === '{' && sentence.opened !== null) {
    return { body: sentence.opened, parent: index };
  }
  if (sentence !== undefined) return { body: sentence.body, parent: sentence.parent };
  return bodyOutside(sentences, token);
}

/** Behind a closing brace. */
function bodyOutside(sentences: readonly Sentence[], closing: number): { body: Body; parent: number | null } {
  const closed = sentences.find((sentence) => sentence.closing === closing);
  return closed === undefined
    ? { body: 'policy', parent: null }
    : { body: closed.body, parent: closed.parent };
}

/** How the sentence that the token is of can go on behind it. */
function readingsBehind(text: PolicyText, token: number): { readings: Readings; tokens: readonly IToken[] } {
  const { tokens, sentences } = text.reading;
  const index = token < 0 ? null : text.sentenceOfToken(token);
  const sentence = index === null ? undefined : sentences[index];
  if (sentence === undefined || (tokens[token]?.image === '{' && isOpening(sentence, token))) {
    return { readings: [], tokens: [] };
  }
  const own = tokens.slice(sentence.first, token + 1);
  let readings: Readings = startsIn(sentence.body).get(own[0]?.image ?? '')?.readings ?? [];
  for (const each of own) {
    const strict = step(readings, each, true);
    readings = strict.length > 0 ? strict : step(readings, each, false);
  }
  return { readings, tokens: own };
}

const isOpening = ({ opened, end }: Sentence, token: number): boolean => opened !== null && token === end - 1;

/** Whether a word at `offset` is the first on its line, or the first within its braces. */
function beginsLine(text: PolicyText, before: number, offset: number): boolean {
  const token = text.reading.tokens[before];
  if (token === undefined || token.image === '{' || token.image === '}') return true;
  return text.text.slice(endOf(token), offset).includes('\n');
}
