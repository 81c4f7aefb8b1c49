import type { GuestClass, Model, Sentence } from '../../lang/model.js';
import { withOffers } from '../demands/offers.js';
import { renamed } from '../diff/rename.js';

/** A model whose offers are classes, with their terms as sentences. */
export interface SettledModel {
  readonly all: Model;
  readonly declared: readonly GuestClass[];
  /** Classes that offers come to. */
  readonly offered: readonly GuestClass[];
  readonly said: readonly Sentence[];
  /** Sentences that offers come to. */
  readonly terms: readonly Sentence[];
}

export function settledModel(model: Model): SettledModel {
  const all = withOffers(model);
  return {
    all,
    declared: all.classes.slice(0, model.classes.length),
    offered: all.classes.slice(model.classes.length),
    said: all.sentences.slice(0, model.sentences.length),
    terms: all.sentences.slice(model.sentences.length),
  };
}

/**
 * The model of both texts, one after the other: as if they were compiled together. Of the second only classes, unions and
 * sentences count, and names that the first has already are others in it (see {@link apartFrom}).
 */
export function joinedModel(policy: SettledModel, request: SettledModel): Model {
  return {
    ...policy.all,
    classes: [...policy.declared, ...request.declared, ...policy.offered, ...request.offered],
    unions: [...policy.all.unions, ...request.all.unions],
    sentences: inOrder(policy, request),
  };
}

/** What is of the sentences of both in the order in which these come together: the terms of offers are last. */
export const inOrder = <T>(
  policy: { readonly said: readonly T[]; readonly terms: readonly T[] },
  request: { readonly said: readonly T[]; readonly terms: readonly T[] },
): readonly T[] => [...policy.said, ...request.said, ...policy.terms, ...request.terms];

/** The request with sentences numbered behind those of the policy, and with names that the policy does not have. */
export function apartFrom(policy: SettledModel, request: Model): Model {
  const taken = new Set(namesIn(policy.all));
  const renames = new Map(
    namesIn(request).flatMap((name) => {
      let other = name;
      while (taken.has(other)) other = `${other} (request)`;
      taken.add(other);
      return other === name ? [] : [[name, other] as const];
    }),
  );
  const first = policy.all.sentences.reduce((next, { index }) => Math.max(next, index + 1), 0);
  const named = renamed(request, renames);
  return { ...named, sentences: named.sentences.map((one) => ({ ...one, index: first + one.index })) };
}

const namesIn = ({ classes, unions, sentences }: Model): readonly string[] => [
  ...classes.map(({ name }) => name),
  ...unions.map(({ name }) => name),
  ...sentences.flatMap((one) => (one.kind === 'offer' ? [one.name] : [])),
];
