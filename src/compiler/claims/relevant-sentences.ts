import type { Sentence } from '../../lang/model.js';
import type { ModelContext } from '../model-context.js';
import { subjectKey } from '../subject-key.js';
import type { AssertSentence } from './asked-situations.js';
import { subjectsOf } from './not-in-force.js';

const RESTRICTIONS: ReadonlySet<Sentence['kind']> = new Set([
  'limit',
  'run',
  'pause',
  'reserve',
  'place',
  'keep',
]);
const PROMISES: ReadonlySet<Sentence['kind']> = new Set([...RESTRICTIONS, 'guarantee']);

/** Sentences that can have a part in what is asserted, and whether weights have one too. */
export interface Relevant {
  readonly sentences: readonly Sentence[];
  /** A `share` names the subject: what it is worth depends on everything else. */
  readonly shares: boolean;
}

/**
 * Of what a subject can get, the restrictions on its classes; of what it is promised, those on everybody who has a part
 * in a guarantee with it as well. All budgets, without their guards: conditions call them by their number. `sentences`
 * are those of the policy that assert nothing.
 */
export function relevantSentences(
  assertion: AssertSentence,
  sentences: readonly Sentence[],
  { population }: Pick<ModelContext, 'population'>,
): Relevant {
  const key = subjectKey(assertion.subject);
  const isPromise = assertion.claim.kind === 'at-least';
  const shares = isPromise && sentences.some((sentence) => isSharing(sentence, key, population.unions));
  if (shares) return { sentences, shares };
  const kinds = isPromise ? PROMISES : RESTRICTIONS;
  const wanted = new Set(population.membersOf(key));
  const membersOf = (sentence: Sentence) =>
    sentence.kind === 'keep'
      ? population.membersOf('guests')
      : subjectsOf(sentence).flatMap((subject) => population.membersOf(subjectKey(subject)));
  const own = new Set(wanted);
  for (const sentence of isPromise ? sentences : []) {
    if (sentence.kind !== 'guarantee') continue;
    const members = membersOf(sentence);
    if (members.some((one) => own.has(one))) for (const one of members) wanted.add(one);
  }
  return {
    shares,
    sentences: sentences.flatMap((sentence): Sentence[] => {
      if (sentence.kind === 'budget') return [{ ...sentence, guards: [] }];
      return kinds.has(sentence.kind) && membersOf(sentence).some((one) => wanted.has(one)) ? [sentence] : [];
    }),
  };
}

/** Names it, divides what it has a part in, or divides it. */
function isSharing(sentence: Sentence, key: string, unions: ReadonlyMap<string, readonly string[]>): boolean {
  if (sentence.kind === 'share') return sentence.parts.some(({ subject }) => subjectKey(subject) === key);
  if (sentence.kind !== 'share-equally') return false;
  const whole = subjectKey(sentence.subject);
  return whole === 'guests' || (unions.get(whole)?.includes(key) ?? false) || unions.has(key);
}
