import type { Sentence } from '../lang/model.js';
import type { ConditionTable } from './condition-table.js';
import type { ReachableMode } from './modes.js';
import type { Truth } from './plan.js';
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

/** Restrictions, and what the owner keeps: in force even when it is unknown whether they ought to be. */
const CAUTIOUS: ReadonlySet<Sentence['kind']> = new Set(['limit', 'run', 'pause', 'keep']);

export interface SituationTable {
  readonly situations: readonly Situation[];
  /** For each mode the index of its situation. */
  readonly ofMode: readonly number[];
}

/** Modes in which the same sentences are in force, with the same certainty, are one situation. */
export function situationsOf(
  sentences: readonly Sentence[],
  table: ConditionTable,
  modes: readonly (ReachableMode & { readonly id: string })[],
): SituationTable {
  const situations: Situation[] = [];
  const indexByKey = new Map<string, number>();
  const ofMode = modes.map((mode) => {
    const values = table.guards.map((references) =>
      references.reduce<Truth>((value, { condition, expected }) => {
        // INVARIANT: a mode has one value for each condition of the table.
        const holds = mode.values[condition]!;
        return and(value, expected ? holds : not(holds));
      }, true),
    );
    const key = values.map((value) => (value === 'unknown' ? '?' : Number(value))).join('');
    const known = indexByKey.get(key);
    if (known !== undefined) return known;
    const active = sentences.flatMap((sentence, index) => {
      const value = values[index];
      if (value === true) return [{ sentence, certain: true }];
      return value === 'unknown' && CAUTIOUS.has(sentence.kind) ? [{ sentence, certain: false }] : [];
    });
    indexByKey.set(key, situations.length);
    situations.push({ modeId: mode.id, example: mode.example, active });
    return situations.length - 1;
  });
  return { situations, ofMode };
}
