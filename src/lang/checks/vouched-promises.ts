import { catalogue } from '../catalogue.js';
import { subjectsOf } from '../subject-uses.js';
import { eachConstraint } from '../traversal.js';
import type { ClassDeclaration } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

const VOUCHED: ReadonlySet<string> = new Set(['user', 'unit', 'cgroup']);

/** A promise goes to guests that the kernel vouches for: a name or an argument is a claim by whoever started QEMU. */
export function checkVouchedPromises({ policy, scope, reporter }: CheckInput): void {
  const seen = new Set<string>();
  eachConstraint(policy, (constraint) => {
    if (constraint.kind !== 'reserve' && constraint.kind !== 'guarantee') return;
    for (const subject of subjectsOf(constraint)) {
      if (subject.kind !== 'named') continue;
      for (const declared of newClassesOf(subject.name.text)) {
        if (isVouched(declared)) continue;
        const related = [reporter.related(declared.name.span, 'matched by claims alone')];
        const parameters = { name: `\`${writtenName(declared.name.text)}\`` };
        reporter.add(catalogue.unvouchedPromise.at(reporter.place(subject.span), parameters, { related }));
      }
    }
  });

  /** Each class is told about once: what was looked into is not looked into again. */
  function newClassesOf(name: string): readonly ClassDeclaration[] {
    const classes: ClassDeclaration[] = [];
    const waiting = [name];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const declared = scope.find(next);
      if (declared?.kind === 'class') classes.push(declared);
      if (declared?.kind === 'union') for (const { text } of declared.members) waiting.push(text);
    }
    return classes;
  }
}

function isVouched({ properties }: ClassDeclaration): boolean {
  return properties.every(
    (property) =>
      property.kind !== 'match' || property.tests.some(({ attribute }) => VOUCHED.has(attribute.text)),
  );
}
