import type { Sentence, Subject } from '../../lang/model.js';
import type { ActiveSentence } from '../modes/situation.js';
import type { Population } from '../population.js';
import { subjectKey } from '../subject-key.js';
import type { Statement } from './judgement.js';
import { type Reason, reasonOf } from './reason.js';

/** Kinds of sentences that can make each statement true. */
const HELPFUL: { readonly [K in Statement['outcome']['kind']]: readonly Sentence['kind'][] } = {
  'at-most': ['limit', 'run', 'pause', 'place'],
  'at-least': ['guarantee', 'reserve', 'share'],
  guaranteed: ['guarantee', 'reserve'],
  paused: ['pause'],
  runs: ['run', 'pause'],
  yields: ['yield'],
  reserved: ['reserve'],
};

/** Beyond so many nobody reads them. */
const MOST_TOLD = 4;

/**
 * Sentences that would have something to do with a statement that does not hold, if they were in force; `why` says what
 * keeps them from it ("office is false").
 */
export function notInForce(
  { subject, outcome }: Pick<Statement, 'subject' | 'outcome'>,
  sentences: readonly Sentence[],
  active: readonly ActiveSentence[],
  population: Population,
  why: (sentence: Sentence) => string,
): readonly Reason[] {
  const inForce = new Set(active.map(({ sentence }) => sentence));
  const members = new Set(population.membersOf(subjectKey(subject)));
  return sentences
    .filter((sentence) => HELPFUL[outcome.kind].includes(sentence.kind) && !inForce.has(sentence))
    .filter((sentence) =>
      subjectsOf(sentence).some((one) =>
        population.membersOf(subjectKey(one)).some((key) => members.has(key)),
      ),
    )
    .slice(0, MOST_TOLD)
    .map((sentence) => reasonOf(sentence, `is not in force here: ${why(sentence)}`));
}

/** Whom a constraint speaks of. */
export function subjectsOf(sentence: Sentence): readonly Subject[] {
  switch (sentence.kind) {
    case 'keep':
    case 'offer':
      return [];
    case 'share':
      return sentence.parts.map(({ subject }) => subject);
    default:
      return [sentence.subject];
  }
}
