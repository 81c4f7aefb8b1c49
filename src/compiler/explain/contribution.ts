import type { Sentence } from '../../lang/model.js';
import type { Reason } from '../claims/reason.js';
import type { Contribution } from './point.js';
import { declarationText, idOf, type View } from './view.js';

/** A sentence in force with its part in something. */
export function ofSentence(
  sentence: Sentence,
  role: string,
  decides: boolean,
  { writer, certain }: Pick<View, 'writer' | 'certain'>,
): Contribution {
  const { text, place } = sentence;
  return { text, place, role, decides, certain: certain.has(sentence), when: writer.when(sentence) };
}

/** What claims add where a condition is unknown: it is told apart from the role here. */
const DOUBT = ', for its condition is unknown';

/** A place that decides an answer: that of a sentence in force, or of a class. */
export function ofReason({ place, role: told }: Reason, decides: boolean, view: View): Contribution {
  const role = told.replace(DOUBT, '');
  const found = view.writer.at(place);
  if (found && 'guards' in found) return ofSentence(found, role, decides, view);
  return { text: found ? declarationText(found) : '', place, role, decides, certain: true, when: null };
}

/** The deciding ones first, each once in each of its parts; in the order of the text otherwise. */
export function inOrder(contributions: readonly Contribution[]): readonly Contribution[] {
  const distinct = new Map<string, Contribution>();
  for (const one of contributions) {
    const id = `${idOf(one.place)} ${one.role}`;
    const other = distinct.get(id) ?? one;
    distinct.set(id, {
      ...one,
      decides: one.decides || other.decides,
      certain: one.certain || other.certain,
    });
  }
  return [...distinct.values()].sort(
    (a, b) =>
      Number(b.decides) - Number(a.decides) ||
      compareText(a.place.file, b.place.file) ||
      a.place.range.start.offset - b.place.range.start.offset,
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
