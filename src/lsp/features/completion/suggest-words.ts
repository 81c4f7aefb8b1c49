import { behind, expected, isWhole, type Readings } from '../../forms/automaton.js';
import type { Terminal, WordRole } from '../../forms/form.js';
import { WORD_DOCS } from '../../words/word-docs.js';
import type { Suggestion } from './suggestion.js';

type Word = Extract<Terminal, { kind: 'word' }>;

const ICONS: Readonly<Partial<Record<WordRole, Suggestion['kind']>>> = {
  subject: 'Class',
  mechanism: 'EnumMember',
  attribute: 'Property',
  property: 'Property',
  operator: 'Operator',
  type: 'TypeParameter',
  constant: 'Constant',
};

/** Roles whose words something else suggests: whole signals, units with their forms; and signs. */
const ELSEWHERE: ReadonlySet<WordRole> = new Set<WordRole>(['signal', 'unit', 'punctuation']);

/** Keywords and the like that may come next; those that only one word can follow come with it (`for its tasks`). */
export function suggestWords(readings: Readings): readonly Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const terminal of expected(readings)) {
    if (terminal.kind !== 'word' || ELSEWHERE.has(terminal.role) || found.has(terminal.word)) continue;
    found.set(terminal.word, suggestionOf(terminal, readings));
  }
  return [...found.values()];
}

function suggestionOf(terminal: Word, readings: Readings): Suggestion {
  const label = phraseFrom(terminal, readings);
  return {
    label,
    kind: ICONS[terminal.role] ?? 'Keyword',
    rank: terminal.role === 'keyword' ? 3 : 2,
    documentation: WORD_DOCS[terminal.word] ?? '',
  };
}

/** The word with the keywords that have to follow it. */
function phraseFrom(terminal: Word, readings: Readings): string {
  const words = [terminal.word];
  if (terminal.role !== 'keyword') return terminal.word;
  let next = behind(readings, terminal);
  for (let only = onlyKeyword(next); only !== null; only = onlyKeyword(next)) {
    words.push(only.word);
    next = behind(next, only);
  }
  return words.join(' ');
}

function onlyKeyword(readings: Readings): Word | null {
  const [first, ...others] = expected(readings);
  if (isWhole(readings) || others.length > 0 || first?.kind !== 'word') return null;
  return first.role === 'keyword' ? first : null;
}
