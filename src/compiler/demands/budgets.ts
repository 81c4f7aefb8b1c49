import type { Sentence } from '../../lang/model.js';
import { subjectKey } from '../subject-key.js';

/**
 * Names of the budgets, by index of their sentence: "batch per day", "each batch per week", and a number behind
 * those that would otherwise read alike.
 */
export function budgetIds(sentences: readonly Sentence[]): ReadonlyMap<number, string> {
  const ids = new Map<number, string>();
  const uses = new Map<string, number>();
  for (const sentence of sentences) {
    if (sentence.kind !== 'budget') continue;
    const base = `${sentence.each ? 'each ' : ''}${subjectKey(sentence.subject)} per ${sentence.per}`;
    const count = (uses.get(base) ?? 0) + 1;
    uses.set(base, count);
    ids.set(sentence.index, count === 1 ? base : `${base} (${count})`);
  }
  return ids;
}
