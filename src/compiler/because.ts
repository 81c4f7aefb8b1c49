import type { Sentence } from '../lang/model.js';
import type { Setting } from './plan.js';

/** The sentences that a setting follows from, in the order of the text. */
export function becauseOf(sentences: readonly Sentence[]): Setting['because'] {
  return [...new Set(sentences)].sort((a, b) => a.index - b.index).map(citationOf);
}

/** A sentence about thousands of classes is cited for each of them; the range still shows all of it. */
const LONGEST_TEXT = 500;

const shortened = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;

/** Many settings follow from one sentence: each is cited by the same object. */
const citations = new WeakMap<Sentence, Setting['because'][number]>();

function citationOf(sentence: Sentence): Setting['because'][number] {
  const known = citations.get(sentence);
  if (known) return known;
  const { file, range } = sentence.place;
  const made = {
    sentence: shortened(sentence.text),
    file,
    range: { start: { ...range.start }, end: { ...range.end } },
  };
  citations.set(sentence, made);
  return made;
}
