import { catalogue } from '../catalogue.js';
import { eachConstraint } from '../traversal.js';
import type { Subject } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** A share gives each subject one proportion. */
export function checkShareParts({ policy, reporter }: CheckInput): void {
  eachConstraint(policy, (constraint) => {
    if (constraint.kind !== 'share') return;
    const seen = new Map<string, Subject>();
    for (const { subject } of constraint.parts) {
      const name = subject.kind === 'named' ? writtenName(subject.name.text) : subject.kind;
      const first = seen.get(name);
      if (first === undefined) {
        seen.set(name, subject);
        continue;
      }
      const related = [reporter.related(first.span, 'first given here')];
      const parameters = { name: `\`${name}\``, list: 'share' } as const;
      reporter.add(catalogue.repeatedMember.at(reporter.place(subject.span), parameters, { related }));
    }
  });
}
