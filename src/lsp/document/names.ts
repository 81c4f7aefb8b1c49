import type { IToken } from 'chevrotain';
import type { Span } from '../../lang/tree.js';
import type { DeclaredKind } from '../forms/form.js';
import type { PolicyText } from './policy-text.js';
import type { Sentence } from './read-sentences.js';

/** Where a name of the policy stands; a string without its quotes and escapes. */
export interface NameUse {
  readonly text: string;
  readonly span: Span;
  /** Null: the name is used here. */
  readonly declares: Exclude<DeclaredKind, 'task'> | null;
  /** Index of its sentence. */
  readonly sentence: number;
}

/** All names of the policy's one namespace, in the order of the text: classes, unions, offers, conditions, switches, signals. */
export function namesIn(text: PolicyText): readonly NameUse[] {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const { sentences } = text.reading;
  const names = sentences.flatMap((sentence, index) => namesOf(text, sentence, index));
  cache.set(text, names);
  return names;
}

const cache = new WeakMap<PolicyText, readonly NameUse[]>();

function namesOf(text: PolicyText, sentence: Sentence, index: number): readonly NameUse[] {
  const { tokens, terminals } = text.reading;
  const names: NameUse[] = [];
  for (let at = sentence.first; at < sentence.end; at++) {
    const [token, terminal] = [tokens[at], terminals[at]];
    if (token === undefined || !terminal) continue;
    const span = text.tokenSpan(at);
    if (terminal.kind === 'reference') {
      names.push({ text: unquoted(token), span, declares: null, sentence: index });
    } else if (terminal.kind === 'declaration' && terminal.declares !== 'task') {
      names.push({ text: unquoted(token), span, declares: terminal.declares, sentence: index });
    }
  }
  return names;
}

/** What a name or a string says, escapes undone; a string may lack its end. */
export function unquoted({ image }: IToken): string {
  if (!image.startsWith('"')) return image;
  const isClosed = image.length > 1 && image.endsWith('"');
  return image.slice(1, isClosed ? -1 : undefined).replace(/\\(["\\])/g, '$1');
}

/** The name at an offset: on it or just behind it. */
export function nameAt(text: PolicyText, offset: number): NameUse | null {
  const token = text.tokenAt(offset);
  if (token === null) return null;
  const { start } = text.tokenSpan(token);
  return namesIn(text).find(({ span }) => span.start === start) ?? null;
}
