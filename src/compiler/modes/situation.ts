import type { Sentence } from '../../lang/model.js';
import type { Truth } from '../plan.js';
import type { ConditionTable } from './condition-table.js';
import type { ReachableMode } from './modes.js';
import { and, not } from './truth.js';

export interface ActiveSentence {
  readonly sentence: Sentence;
  /** False where its guard is unknown: restrictions are in force then, promises are not. */
  readonly certain: boolean;
}

/** The sentences that are in force together, and the first mode in which they are. */
export interface Situation {
  readonly modeId: string;
  readonly example: string | null;
  readonly active: readonly ActiveSentence[];
}

/**
 * Restrictions, and what the owner keeps: in force even when it is unknown whether they ought to be. Nothing is ended
 * on a mere suspicion.
 */
const CAUTIOUS: ReadonlySet<Sentence['kind']> = new Set([
  'limit',
  'run',
  'pause',
  'yield',
  'place',
  'keep',
  'budget',
]);

export interface SituationTable {
  readonly situations: readonly Situation[];
  /** For each mode the index of its situation. */
  readonly ofMode: readonly number[];
}

/** What decides a situation: the values of the conditions, by index in the table, and what to call it in messages. */
export type ConditionValues = Pick<ReachableMode, 'values' | 'example'> & { readonly id: string };

/** The sentences in force under these values of the conditions. `sentences` are those that the table was made of. */
export function situationOf(
  sentences: readonly Sentence[],
  table: ConditionTable,
  { id, example, values }: ConditionValues,
): Situation {
  const guards = guardValues(table, values);
  const active = sentences.flatMap((sentence, index) => {
    const value = guards[index];
    if (value === true) return [{ sentence, certain: true }];
    return value === 'unknown' && CAUTIOUS.has(sentence.kind) ? [{ sentence, certain: false }] : [];
  });
  return { modeId: id, example, active };
}

/** Modes in which the same sentences are in force, with the same certainty, are one situation. */
export function situationsOf(
  sentences: readonly Sentence[],
  table: ConditionTable,
  modes: readonly ConditionValues[],
): SituationTable {
  const situations: Situation[] = [];
  const indexByKey = new Map<string, number>();
  const ofMode = modes.map((mode) => {
    const key = guardValues(table, mode.values)
      .map((value) => (value === 'unknown' ? '?' : Number(value)))
      .join('');
    const known = indexByKey.get(key);
    if (known !== undefined) return known;
    indexByKey.set(key, situations.length);
    situations.push(situationOf(sentences, table, mode));
    return situations.length - 1;
  });
  return { situations, ofMode };
}

/** For each sentence whether its guards hold. */
export function guardValues(table: ConditionTable, values: readonly Truth[]): readonly Truth[] {
  return table.guards.map((references) =>
    references.reduce<Truth>((value, { condition, expected }) => {
      // INVARIANT: there is one value for each condition of the table.
      const holds = values[condition]!;
      return and(value, expected ? holds : not(holds));
    }, true),
  );
}
