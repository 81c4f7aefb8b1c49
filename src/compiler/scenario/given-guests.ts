import type { PolicyTest } from '../../lang/model.js';
import type { Population } from '../population.js';
import { subjectKey } from '../subject-key.js';

/** How many guests there are, by key of their class (`others` included). */
export type GuestCounts = ReadonlyMap<string, number>;

/** The guests that a test gives: never more than a class may have. */
export function givenGuests({ given }: PolicyTest, population: Population): GuestCounts {
  const counts = new Map<string, number>();
  for (const fact of given) {
    if (fact.kind !== 'guests') continue;
    for (const key of population.membersOf(subjectKey(fact.subject))) {
      counts.set(key, (counts.get(key) ?? 0) + fact.count);
    }
  }
  return counts;
}

export const countIn = (key: string, counts: GuestCounts, population: Population): number =>
  population.membersOf(key).reduce((total, member) => total + (counts.get(member) ?? 0), 0);

/**
 * The guests that an expectation about a subject is about: those given; where none of the subject's is, as many as may
 * come, for what is then said is what would hold for them. Of all guests, those of no class only where some are given.
 */
export function populationFor(subject: string, counts: GuestCounts, population: Population): Population {
  const own = new Set(countIn(subject, counts, population) === 0 ? population.membersOf(subject) : []);
  const classes = [...population.classes].map(
    ([key, declared]) =>
      [key, own.has(key) ? declared : { ...declared, maxGuests: counts.get(key) ?? 0 }] as const,
  );
  const known = { ...population, classes: new Map(classes) };
  const hasOthers = own.has('others') || (counts.get('others') ?? 0) > 0;
  if (subject !== 'guests' || hasOthers) return known;
  return { ...known, membersOf: (key) => population.membersOf(key).filter((member) => member !== 'others') };
}
