import type { CpuAmount, Model, ReservationForm, Sentence } from '../../lang/model.js';
import type { Rational } from '../../support/rational.js';

/** A number that a request asks for, and the request with another in its place. */
export interface Variable<T> {
  readonly now: T;
  readonly with: (other: T) => Model;
}

/** Its reservations: of a class, or of an offer. */
export const reservedForms = (model: Model): readonly Variable<ReservationForm>[] =>
  variablesOf(model, (one): Term<ReservationForm> | null => {
    if (one.kind === 'reserve') return { now: one.form, with: (form) => ({ ...one, form }) };
    if (one.kind !== 'offer' || one.reserve === null) return null;
    return { now: one.reserve, with: (reserve) => ({ ...one, reserve }) };
  });

/** Its guarantees of CPU: of each guest of an offer, and as the sentence says of a class. */
export const guaranteedCpus = (model: Model): readonly Variable<CpuAmount>[] =>
  variablesOf(model, (one): Term<CpuAmount> | null => {
    if (one.kind === 'guarantee' && one.amounts.cpu)
      return { now: one.amounts.cpu, with: (cpu) => ({ ...one, amounts: { ...one.amounts, cpu } }) };
    if (one.kind !== 'offer' || !one.guarantee?.cpu) return null;
    const { guarantee } = one;
    return { now: one.guarantee.cpu, with: (cpu) => ({ ...one, guarantee: { ...guarantee, cpu } }) };
  });

export const inCores = (cores: Rational): CpuAmount => ({ kind: 'cores', cores });

/** The same for fewer, or more, guests. */
export const withGuests = (model: Model, guests: number): Model => ({
  ...model,
  classes: model.classes.map((one) => ({ ...one, maxGuests: guests })),
  sentences: model.sentences.map((one) => (one.kind === 'offer' ? { ...one, count: guests } : one)),
});

interface Term<T> {
  readonly now: T;
  readonly with: (other: T) => Sentence;
}

function variablesOf<T>(
  model: Model,
  termOf: (sentence: Sentence) => Term<T> | null,
): readonly Variable<T>[] {
  return model.sentences.flatMap((sentence, index) => {
    const term = termOf(sentence);
    if (term === null) return [];
    return [
      {
        now: term.now,
        with: (other: T) => ({ ...model, sentences: model.sentences.with(index, term.with(other)) }),
      },
    ];
  });
}
