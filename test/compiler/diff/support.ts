import type { PolicyDiff } from '../../../src/compiler/diff/diff-models.js';
import { diffPolicies } from '../../../src/compiler/diff/diff-policies.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { HOST } from '../support.js';

/** Null where one of the policies has no plan. */
export function maybeDiff(old: string, now: string, facts: HostFacts = HOST): PolicyDiff | null {
  return diffPolicies(
    { source: { file: 'old.vmc', text: old } },
    { source: { file: 'new.vmc', text: now } },
    facts,
  ).diff;
}

export function diffOf(old: string, now: string, facts: HostFacts = HOST): PolicyDiff {
  const diff = maybeDiff(old, now, facts);
  if (diff === null) throw new Error('one of the policies has no plan');
  return diff;
}

/** "batch, when office: at most 2 cores → at most 1 core". */
export const changesOf = ({ changes }: PolicyDiff): readonly string[] =>
  changes.flatMap(({ subjects, when, items }) =>
    items.map(
      ({ old, new: now }) =>
        `${subjects.join(', ')}, ${when?.join(' | ') || 'always'}: ${old?.text ?? '-'} → ${now?.text ?? '-'}`,
    ),
  );

export const declarationsOf = ({ declarations }: PolicyDiff): readonly string[] =>
  declarations.map(({ what, name, change, details }) => `${change} ${what} ${name}: ${details.join('; ')}`);
