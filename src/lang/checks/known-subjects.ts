import { eachConstraint, subjectsOf } from '../traversal.js';
import type { CheckInput } from './check.js';
import { lookUp } from './name-lookup.js';

/** A constraint is about classes and unions that are declared. */
export function checkKnownSubjects(input: CheckInput): void {
  eachConstraint(input.policy, (constraint) => {
    for (const subject of subjectsOf(constraint)) {
      if (subject.kind !== 'named') continue;
      lookUp({ name: subject.name, kinds: ['class', 'union'], wanted: 'class or union' }, input);
    }
  });
}
