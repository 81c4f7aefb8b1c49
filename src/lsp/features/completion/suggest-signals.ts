import type { IToken } from 'chevrotain';
import { CLASS_SIGNALS, SIGNALS, type SignalType } from '../../../lang/signals.js';
import { isReserved } from '../../../lang/words.js';
import type { Readings } from '../../forms/automaton.js';
import { expected } from '../../forms/automaton.js';
import { CLASS_SIGNAL_DOCS, SIGNAL_DOCS, SIGNAL_TYPE_WORDS } from '../../words/signal-docs.js';
import { SIGNAL_HEADS } from '../../words/signal-heads.js';
import type { Suggestion } from './suggestion.js';

/** All signals with fixed names. */
export function suggestSignals(withBooleans: boolean): readonly Suggestion[] {
  return [...SIGNALS].flatMap(([label, type]) =>
    withBooleans || type !== 'boolean' ? [signalSuggestion(label, type, SIGNAL_DOCS[label])] : [],
  );
}

/** What may stand behind `owner.` or `batch.`; `tokens` end with the dot. */
export function suggestSegments(tokens: readonly IToken[]): readonly Suggestion[] {
  const path = pathBefore(tokens);
  const head = path[0];
  if (head === undefined) return [];
  if (!isReserved(head) || head.startsWith('"')) return path.length > 1 ? [] : classSignals();
  const prefix = `${path.join('.')}.`;
  return [...SIGNALS].flatMap(([name, type]) =>
    name.startsWith(prefix) ? [signalSuggestion(name.slice(prefix.length), type, SIGNAL_DOCS[name])] : [],
  );
}

const classSignals = (): readonly Suggestion[] =>
  [...CLASS_SIGNALS].map(([label, type]) => signalSuggestion(label, type, CLASS_SIGNAL_DOCS[label]));

function signalSuggestion(label: string, type: SignalType, documentation = ''): Suggestion {
  return { label, kind: 'Variable', rank: 2, detail: SIGNAL_TYPE_WORDS[type] ?? type, documentation };
}

/** The words of the dotted name that ends with the last token, a dot. */
function pathBefore(tokens: readonly IToken[]): readonly string[] {
  const path: string[] = [];
  for (let at = tokens.length - 1; at > 0 && tokens[at]?.image === '.'; at -= 2) {
    path.unshift(tokens[at - 1]?.image ?? '');
  }
  return path;
}

/** Whether a dotted name with a fixed head may stand here. */
export const takesSignals = (readings: Readings): boolean =>
  expected(readings).some(
    (terminal) => terminal.kind === 'word' && terminal.role === 'signal' && terminal.word === SIGNAL_HEADS[0],
  );
