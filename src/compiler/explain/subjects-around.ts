import type { Sentence, Subject } from '../../lang/model.js';
import { subjectsOf } from '../claims/not-in-force.js';
import type { Population } from '../population.js';
import { subjectKey } from '../subject-key.js';

/** Whether everything in a subject is in another as well. */
export function isAround(outer: string, inner: string, population: Population): boolean {
  if (outer === inner) return true;
  if (outer === 'owner' || inner === 'owner') return false;
  const members = new Set(population.membersOf(outer));
  return population.membersOf(inner).every((key) => members.has(key));
}

/** Whether two subjects have guests in common. */
export function meet(one: string, other: string, population: Population): boolean {
  if (one === other) return true;
  const members = new Set(population.membersOf(one));
  return population.membersOf(other).some((key) => members.has(key));
}

/** Keys of those that a sentence speaks of; `keep` speaks of the owner. */
export function spokenOf(sentence: Sentence): readonly string[] {
  if (sentence.kind === 'keep') return ['owner'];
  return subjectsOf(sentence).map((subject: Subject) => subjectKey(subject));
}
