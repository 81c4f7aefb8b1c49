import type { Fix, TextEdit } from '../../lang/diagnostic.js';
import type { GuestClass, Model, Sentence, SentenceNumber, WrittenNumber } from '../../lang/model.js';

/** A change of the policy that makes it ask for less: as it reads, as edits of the files, and as what it makes of the model. */
export interface Change {
  /** `"reserve a 5ms every 20ms"`: the sentence as it would stand there. */
  readonly text: string;
  readonly edits: readonly TextEdit[];
  readonly apply: (model: Model) => Model;
}

/** A sentence with another number, which `variant` has as well. */
export function changedNumber(
  sentence: Sentence,
  { file, range, at, text: before }: SentenceNumber,
  variant: Sentence,
  number: string,
): Change {
  const text = sentence.text.slice(0, at) + number + sentence.text.slice(at + before.length);
  return {
    text: `"${text}"`,
    edits: [{ file, range, text: number }],
    apply: (model) => ({
      ...model,
      sentences: model.sentences.map((one) => (one.index === sentence.index ? variant : one)),
    }),
  };
}

/** A policy without a sentence; without an offer as a whole where the sentence is one of its terms. */
export function leftOut(sentence: Sentence): Change {
  const { file, range } = sentence.place;
  const isSame = ({ place }: Sentence) =>
    place.file === file && place.range.start.offset === range.start.offset;
  return {
    text: `"${sentence.text}"`,
    edits: [{ file, range, text: '' }],
    apply: (model) => ({
      ...model,
      classes: model.classes.filter(
        ({ matchers, place }) => matchers.length > 0 || !isSame({ ...sentence, place }),
      ),
      sentences: model.sentences.filter((one) => !isSame(one)),
    }),
  };
}

/** A class whose declaration has another number. */
export const changedDeclaration = (
  text: string,
  { file, range }: WrittenNumber,
  number: string,
  { of, as }: { readonly of: string; readonly as: (declared: GuestClass) => GuestClass },
): Change => ({
  text,
  edits: [{ file, range, text: number }],
  apply: (model) => ({ ...model, classes: model.classes.map((one) => (one.name === of ? as(one) : one)) }),
});

/** All of them, as one thing to do. */
export const fixOf = (title: string, changes: readonly Change[]): Fix => ({
  title,
  edits: changes.flatMap(({ edits }) => edits),
});

export const applied = (model: Model, changes: readonly Change[]): Model =>
  changes.reduce((changed, { apply }) => apply(changed), model);
