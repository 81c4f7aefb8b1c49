import { catalogue } from '../catalogue.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';
import { lookUp } from './name-lookup.js';

/** A union consists of classes and other unions, each once. */
export function checkUnionMembers(input: CheckInput): void {
  const { policy, reporter } = input;
  for (const statement of policy.statements) {
    if (statement.kind !== 'union') continue;
    const seen = new Map<string, (typeof statement.members)[number]>();
    for (const member of statement.members) {
      const first = seen.get(member.text);
      if (first === undefined) {
        seen.set(member.text, member);
        lookUp({ name: member, kinds: ['class', 'union'], wanted: 'class or union' }, input);
        continue;
      }
      const related = [reporter.related(first.span, 'first named here')];
      const parameters = { name: `\`${writtenName(member.text)}\``, list: 'union' } as const;
      reporter.add(catalogue.repeatedMember.at(reporter.place(member.span), parameters, { related }));
    }
  }
}
