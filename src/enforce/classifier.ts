import type { Plan } from '../compiler/plan.js';
import type { Guest } from '../qemu/guest.js';
import { type Assignment, type Classification, classify } from './classify.js';
import type { Observation } from './host.js';

interface Remembered {
  readonly plan: Plan;
  readonly guests: readonly Guest[];
  readonly classification: Classification;
}

/**
 * {@link classify}, remembering its last answer: it stays the same as long as it is asked of the same plan and guests. Hosts answer
 * the same object for a guest of which nothing has changed.
 */
export class Classifier {
  #last: Remembered | null = null;

  classify(plan: Plan, previous: Assignment, { guests }: Observation): Classification {
    const last = this.#last;
    // INVARIANT: classify answers the same when it is asked again with the assignment that it has just made.
    const isSame =
      last !== null &&
      last.plan === plan &&
      last.classification.assignment === previous &&
      last.guests.length === guests.length &&
      last.guests.every((guest, at) => guest === guests[at]?.guest);
    if (isSame) return last.classification;
    const found = guests.map(({ guest }) => guest);
    this.#last = { plan, guests: found, classification: classify(plan, previous, found) };
    return this.#last.classification;
  }
}
