import type { Offer as ModelOffer, SentenceNumber, WrittenNumber } from './model.js';
import type { Reporter } from './reporter.js';
import type { Amount, Constraint, Offer, Quantity, ReservationForm, Span } from './tree.js';

/** A number as it is written in a declaration. */
export const writtenNumber = ({ span }: Quantity, reporter: Reporter): WrittenNumber => ({
  ...reporter.place(span),
  text: reporter.textOf(span),
});

/** The number of a sentence that can be changed to ask for less; null where it has none. */
export function sentenceNumber(constraint: Constraint, reporter: Reporter): SentenceNumber | null {
  return numberIn(constraint.span, decisive(constraint), reporter);
}

/** The amount of memory of a sentence; null where it has none. */
export const memoryNumber = (constraint: Constraint, reporter: Reporter): SentenceNumber | null =>
  numberIn(
    constraint.span,
    constraint.kind !== 'offer' && 'amounts' in constraint ? amountOf('memory', constraint.amounts) : null,
    reporter,
  );

/** The same of the terms of an offer. */
export function offerNumbers(
  { terms, span }: Offer & { readonly span: Span },
  reporter: Reporter,
): ModelOffer['numbers'] {
  const numberOf = (kind: 'reserve' | 'guarantee' | 'limit'): SentenceNumber | null => {
    const term = terms.find((one) => one.kind === kind);
    if (term === undefined) return null;
    return numberIn(
      span,
      'form' in term ? ofForm(term.form) : 'amounts' in term ? ofAmounts(term.amounts) : null,
      reporter,
    );
  };
  return { reserve: numberOf('reserve'), guarantee: numberOf('guarantee'), limit: numberOf('limit') };
}

function decisive(constraint: Constraint): Quantity | null {
  switch (constraint.kind) {
    case 'reserve':
      return ofForm(constraint.form);
    case 'run':
      return constraint.budget;
    case 'keep':
    case 'limit':
    case 'guarantee':
      return ofAmounts(constraint.amounts);
    default:
      return null;
  }
}

const ofForm = (form: ReservationForm): Quantity | null => (form.kind === 'tasks' ? null : form.budget);

/** The amount of CPU, unless it follows a signal. */
const ofAmounts = (amounts: readonly Amount[]): Quantity | null => amountOf('cpu', amounts);

function amountOf(kind: 'cpu' | 'memory', amounts: readonly Amount[]): Quantity | null {
  const amount = amounts.find((one) => one.kind === kind);
  return amount !== undefined && 'quantity' in amount ? amount.quantity : null;
}

/** In the text of a sentence white space is folded: what stands before the number tells where it is. */
function numberIn(sentence: Span, quantity: Quantity | null, reporter: Reporter): SentenceNumber | null {
  if (quantity === null) return null;
  const number = writtenNumber(quantity, reporter);
  const before = reporter.textOf({ start: sentence.start, end: quantity.span.start });
  const text = reporter.textOf(sentence);
  const at = text.indexOf(number.text, before.length);
  return at < 0 ? null : { ...number, at };
}
