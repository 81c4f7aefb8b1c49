import { catalogue } from '../catalogue.js';
import { KIND_WORDS, type Named } from '../scope.js';
import { eachSignalUse } from '../signal-uses.js';
import { eachSubject } from '../subject-uses.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** Names that are there only to be used; a class is for its guests, whether or not a sentence names it. */
const FOR_USE: ReadonlySet<Named['kind']> = new Set<Named['kind']>(['union', 'let', 'switch', 'signal']);

/** What the policy declares it uses. Imported files are for several policies, each of which uses what it needs. */
export function checkUnusedNames({ policy, reporter }: CheckInput): void {
  const used = new Set<string>();
  eachSubject(policy, (subject) => {
    if (subject.kind === 'named') used.add(subject.name.text);
  });
  eachSignalUse(policy, ({ signal }) => {
    if (signal.head.kind === 'named') used.add(signal.head.name.text);
  });
  for (const statement of policy.statements) {
    if (statement.kind === 'union') for (const { text } of statement.members) used.add(text);
  }
  for (const statement of policy.statements) {
    if (!FOR_USE.has(statement.kind as Named['kind']) || !('name' in statement)) continue;
    const place = reporter.place(statement.name.span);
    if (used.has(statement.name.text) || place.file !== reporter.source.file) continue;
    const parameters = {
      name: `\`${writtenName(statement.name.text)}\``,
      is: KIND_WORDS[statement.kind as Named['kind']],
    };
    reporter.add(catalogue.unusedName.at(place, parameters));
  }
}
