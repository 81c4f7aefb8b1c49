import { catalogue } from '../catalogue.js';
import type { Name } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';
import { lookUp } from './name-lookup.js';

/** A union consists of classes and other unions, each once. */
export function checkUnionMembers(input: CheckInput): void {
  const { policy, reporter } = input;
  for (const statement of policy.statements) {
    if (statement.kind !== 'union') continue;
    const seen = new Map<string, Name>();
    for (const [index, member] of statement.members.entries()) {
      const first = seen.get(member.text);
      if (first === undefined) {
        seen.set(member.text, member);
        lookUp({ name: member, kinds: ['class', 'union'], wanted: 'class or union' }, input);
        continue;
      }
      // It is not the first of the list: the comma in front of it goes with it.
      const before = statement.members[index - 1]?.span.end ?? member.span.start;
      const all = { start: before, end: member.span.end };
      const fix = reporter.replacement(all, '', `Remove the second \`${writtenName(member.text)}\``);
      const related = [reporter.related(first.span, 'first named here')];
      const parameters = { name: `\`${writtenName(member.text)}\``, list: 'union' } as const;
      reporter.add(catalogue.repeatedMember.at(reporter.place(member.span), parameters, { related, fix }));
    }
  }
}
