import type { Sentence } from '../../lang/model.js';
import { Findings } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import { gatheredSubjects } from '../plan-tree.js';
import type { PlanningContext } from '../planning-context.js';

type Trial = (situation: Situation, context: PlanningContext) => boolean;

/** What can be asked of a situation, without a word about why not. */
export interface Trials {
  /** Whether its servers do. */
  readonly fitsOnCores: Trial;
  /** Whether it has a schedule. */
  readonly isPlannable: Trial;
}

/** Sentences that take part in planning CPU or memory; the others change nothing about whether there is a schedule. */
export const takesPart = (sentence: Sentence, { mechanisms }: PlanningContext): boolean =>
  mechanisms.has(sentence) || ('amounts' in sentence && sentence.amounts.memory !== null);

/**
 * A situation with only some of its sentences, or with variants of them, in place of all that take part. `alone`: as if the
 * policy had no others, so that what only they bring about is not there either.
 */
export function trialOf(
  sentences: readonly Sentence[],
  { situation, context }: { readonly situation: Situation; readonly context: PlanningContext },
  alone: boolean,
): { readonly situation: Situation; readonly context: PlanningContext } {
  const certain = new Map(situation.active.map((one) => [one.sentence.index, one.certain]));
  const mechanismOf = new Map([...context.mechanisms].map(([{ index }, name]) => [index, name]));
  const inert = situation.active.filter(({ sentence }) => !takesPart(sentence, context));
  const active = [
    ...inert,
    ...sentences.map((sentence) => ({ sentence, certain: certain.get(sentence.index) ?? true })),
  ].sort((a, b) => a.sentence.index - b.sentence.index);
  const mechanisms = new Map(
    sentences.flatMap((sentence) => {
      const name = mechanismOf.get(sentence.index);
      return name ? [[sentence, name] as const] : [];
    }),
  );
  const { host, population, nest } = context;
  const own = alone && host.gathers ? { gathered: gatheredSubjects(mechanisms, population, nest) } : {};
  return {
    situation: { ...situation, active },
    context: { ...context, ...own, mechanisms, findings: new Findings() },
  };
}
