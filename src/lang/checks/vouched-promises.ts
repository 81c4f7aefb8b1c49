import { catalogue } from '../catalogue.js';
import { subjectsOf } from '../subject-uses.js';
import { eachConstraint } from '../traversal.js';
import type { ClassDeclaration } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

const VOUCHED: ReadonlySet<string> = new Set(['user', 'unit', 'cgroup']);

/** A promise goes to guests that the kernel vouches for: a name or an argument is a claim by whoever started QEMU. */
export function checkVouchedPromises({ policy, scope, reporter }: CheckInput): void {
  const told = new Set<ClassDeclaration>();
  eachConstraint(policy, (constraint) => {
    if (constraint.kind !== 'reserve' && constraint.kind !== 'guarantee') return;
    for (const subject of subjectsOf(constraint)) {
      if (subject.kind !== 'named') continue;
      for (const declared of scope.classesOf(subject.name.text)) {
        if (told.has(declared) || isVouched(declared)) continue;
        told.add(declared);
        const related = [reporter.related(declared.name.span, 'matched by claims alone')];
        const parameters = { name: `\`${writtenName(declared.name.text)}\`` };
        reporter.add(catalogue.unvouchedPromise.at(reporter.place(subject.span), parameters, { related }));
      }
    }
  });
}

function isVouched({ properties }: ClassDeclaration): boolean {
  return properties.every(
    (property) =>
      property.kind !== 'match' || property.tests.some(({ attribute }) => VOUCHED.has(attribute.text)),
  );
}
