// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of snippets are written so.
import { endOf } from '../../../lang/lexer.js';
import type { Span } from '../../../lang/tree.js';
import type { Project } from '../../document/declarations.js';
import type { PolicyText } from '../../document/policy-text.js';
import { comparedType, typeEndingAt } from '../../document/signal-type.js';
import { expected, isWhole } from '../../forms/automaton.js';
import type { Terminal } from '../../forms/form.js';
import { type CompletionPlace, placeOf } from './place.js';
import { suggestNames } from './suggest-names.js';
import { suggestSegments, suggestSignals, takesSignals } from './suggest-signals.js';
import { suggestStarters } from './suggest-starters.js';
import { suggestUnits } from './suggest-units.js';
import { suggestWords } from './suggest-words.js';
import type { Suggestion } from './suggestion.js';

/** What a completion needs to know beside the policy. */
export interface CompletionSources {
  /** Policies that the file could import, as an `import` names them. */
  readonly importable: () => readonly string[];
}

export interface Completions {
  /** What a suggestion replaces. */
  readonly replace: Span;
  readonly suggestions: readonly Suggestion[];
}

/** What may stand at an offset, decided by the tokens in front of it alone. */
export function complete(
  text: PolicyText,
  offset: number,
  project: Project,
  sources: CompletionSources,
): Completions {
  const place = placeOf(text, offset);
  if (place === null) return { replace: { start: offset, end: offset }, suggestions: [] };
  const suggestions = place.inString
    ? suggestTexts(place, project, sources)
    : [...continuations(place, project, sources), ...beginnings(text, place)];
  return { replace: place.replace, suggestions: once(suggestions) };
}

function beginnings(text: PolicyText, place: CompletionPlace): readonly Suggestion[] {
  if (place.body === null || isBehindNumber(place)) return [];
  const isBehindUnfinished = place.tokens.length > 0 && !isWhole(place.readings);
  const { body, parent, replace } = place;
  return suggestStarters(text, { body, parent, offset: replace.start }, isBehindUnfinished ? 7 : 5);
}

/** The cursor touches a number, or what may be its unit does. */
function isBehindNumber({ tokens, replace }: CompletionPlace): boolean {
  const last = tokens.at(-1);
  return last !== undefined && /^\d/.test(last.image) && endOf(last) === replace.start;
}

/** On a line of their own behind a whole sentence they are not what is most likely meant. */
function continuations(
  place: CompletionPlace,
  project: Project,
  sources: CompletionSources,
): readonly Suggestion[] {
  const suggestions = allContinuations(place, project, sources);
  if (!place.isFirst || !isWhole(place.readings)) return suggestions;
  return suggestions.map((suggestion) => ({ ...suggestion, rank: 8 }));
}

function allContinuations(
  place: CompletionPlace,
  project: Project,
  sources: CompletionSources,
): readonly Suggestion[] {
  const { readings, tokens } = place;
  if (tokens.length === 0) return [];
  const terminals = expected(readings);
  const touchesNumber = isBehindNumber(place);
  const units = suggestUnits(readings, comparedType(tokens, project), touchesNumber);
  // What touches a number can only be its unit.
  if (touchesNumber) return units;
  return [
    ...units,
    ...terminals.flatMap((terminal) => suggestFor(terminal, place, project, sources)),
    ...(takesSignals(readings) ? suggestSignals(takesBooleans(terminals)) : []),
    ...suggestWords(readings),
  ];
}

const takesBooleans = (terminals: readonly Terminal[]): boolean =>
  terminals.some((terminal) => terminal.kind === 'reference' && terminal.place === 'operand');

function suggestFor(
  terminal: Terminal,
  { tokens }: CompletionPlace,
  project: Project,
  sources: CompletionSources,
): readonly Suggestion[] {
  switch (terminal.kind) {
    case 'reference':
      return suggestNames(project, terminal.place, false);
    case 'segment':
      return suggestSegments(tokens);
    case 'text':
      return textsFor(terminal.content, sources).map((suggestion) => ({
        ...suggestion,
        label: `"${suggestion.label}"`,
      }));
    case 'comparator':
      return typeEndingAt(tokens, tokens.length - 1, project) === 'boolean' ? [] : COMPARATORS;
    case 'day':
      return DAYS;
    case 'day-set':
      return DAY_SETS;
    case 'window':
      return [value('09:00-17:00', '${1:09:00}-${2:17:00}')];
    case 'clock':
      return [value('10:00', '${1:10:00}')];
    case 'date':
    case 'date-item':
      return [value('2026-12-24', '${1:2026-12-24}')];
    case 'word':
      return suggestSign(terminal.word, tokens.length);
    default:
      return [];
  }
}

const value = (label: string, insert: string): Suggestion => ({
  label,
  kind: 'Value',
  rank: 4,
  insert,
  isSnippet: true,
});

/** Signs worth a suggestion: what opens a block, and what a name is given by. */
function suggestSign(sign: string, tokensBefore: number): readonly Suggestion[] {
  if (sign === '=') return [{ label: '=', kind: 'Operator', rank: 2 }];
  if (sign !== '{' || tokensBefore < 2) return [];
  return [{ label: '{', kind: 'Snippet', rank: 4, insert: '{\n\t$0\n}', isSnippet: true }];
}

const COMPARATORS: readonly Suggestion[] = ['>', '>=', '<', '<='].map((label) => ({
  label,
  kind: 'Operator',
  rank: 1,
}));
const DAYS: readonly Suggestion[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((label) => ({
  label,
  kind: 'EnumMember',
  rank: 4,
}));
const DAY_SETS: readonly Suggestion[] = ['daily', 'weekdays', 'weekends'].map((label) => ({
  label,
  kind: 'EnumMember',
  rank: 3,
}));

/** Inside a string: what it may hold. */
function suggestTexts(
  { readings }: CompletionPlace,
  project: Project,
  sources: CompletionSources,
): readonly Suggestion[] {
  return expected(readings).flatMap((terminal) => {
    if (terminal.kind === 'reference') return suggestNames(project, terminal.place, true);
    return terminal.kind === 'text' ? textsFor(terminal.content, sources) : [];
  });
}

function textsFor(
  content: Extract<Terminal, { kind: 'text' }>['content'],
  { importable }: CompletionSources,
): readonly Suggestion[] {
  switch (content) {
    case 'path':
      return importable().map((label) => ({ label, kind: 'File', rank: 1 }));
    case 'timezone':
      return Intl.supportedValuesOf('timeZone').map((label) => ({ label, kind: 'Value', rank: 1 }));
    default:
      return [];
  }
}

/** The first of those that read alike. */
function once(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const byLabel = new Map<string, Suggestion>();
  for (const suggestion of suggestions) {
    if (!byLabel.has(suggestion.label)) byLabel.set(suggestion.label, suggestion);
  }
  return [...byLabel.values()];
}
