import { eachSubject } from '../subject-uses.js';
import type { CheckInput } from './check.js';
import { lookUp } from './name-lookup.js';

/** Constraints and tests are about classes and unions that are declared. */
export function checkKnownSubjects(input: CheckInput): void {
  eachSubject(input.policy, (subject) => {
    if (subject.kind !== 'named') return;
    lookUp({ name: subject.name, kinds: ['class', 'union'], wanted: 'class or union' }, input);
  });
}
