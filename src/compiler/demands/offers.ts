import type { Amounts, GuestClass, Model, Sentence } from '../../lang/model.js';
import { rational } from '../../support/rational.js';

export type OfferSentence = Extract<Sentence, { kind: 'offer' }>;

const NO_AMOUNTS: Amounts = {
  cpu: null,
  memory: null,
  diskBytesPerSecond: null,
  diskIops: null,
  networkBytesPerSecond: null,
};

/**
 * The model with a class for each offer, which no guest matches, and with its terms as sentences under the guards of
 * the offer. So offers are admitted with everything else, and what is admitted can be honoured at any time.
 */
export function withOffers(model: Model): Model {
  const offers = model.sentences.filter((one): one is OfferSentence => one.kind === 'offer');
  if (offers.length === 0) return model;
  const first = 1 + Math.max(...model.sentences.map(({ index }) => index));
  const terms = offers
    .flatMap(termsOf)
    .map((sentence, position) => ({ ...sentence, index: first + position }));
  return {
    ...model,
    classes: [...model.classes, ...offers.map(classOf)],
    sentences: [...model.sentences, ...terms],
  };
}

function classOf(offer: OfferSentence): GuestClass {
  const { name, count, vcpus, writtenVcpus, memoryBytes, overhead, tasks, place } = offer;
  const guests = { maxGuests: count, vcpus, writtenVcpus, memoryBytes, overhead, tasks };
  return { name, kind: 'group', ...guests, matchers: [], place };
}

function termsOf(offer: OfferSentence): readonly Sentence[] {
  const { index, text, place, guards, memoryBytes, reserve, guarantee, limit, numbers } = offer;
  const head = {
    index,
    text,
    place,
    guards,
    by: null,
    memoryNumber: null,
    subject: { kind: 'class' as const, name: offer.name },
  };
  const bounds = { ...head, each: true };
  // What it declares has to be there when it comes.
  const memory =
    memoryBytes === null
      ? null
      : { ...NO_AMOUNTS, memory: { kind: 'size' as const, bytes: rational(memoryBytes) } };
  return [
    ...(reserve ? [{ ...head, number: numbers.reserve, kind: 'reserve' as const, form: reserve }] : []),
    ...(guarantee
      ? [{ ...bounds, number: numbers.guarantee, kind: 'guarantee' as const, amounts: guarantee }]
      : []),
    ...(memory ? [{ ...bounds, number: null, kind: 'guarantee' as const, amounts: memory }] : []),
    ...(limit
      ? [{ ...bounds, number: numbers.limit, kind: 'limit' as const, amounts: limit, elastic: null }]
      : []),
  ];
}
