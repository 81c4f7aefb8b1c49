import type { PolicyDiffDocument } from '../api/policy-diff-schema.js';
import type { Change, ComparedPolicies, PolicyDiff } from '../compiler/index.js';

type DiffDocument = NonNullable<PolicyDiffDocument['diff']>;
type ChangeDocument = DiffDocument['changes'][number];

/** The document of `vmc diff --format json`: schemas/policy-diff.schema.json. */
export function policyDiffDocument({ diff, diagnostics }: ComparedPolicies): PolicyDiffDocument {
  return {
    ...(diff && { diff: diffDocument(diff) }),
    diagnostics: [...diagnostics] as PolicyDiffDocument['diagnostics'],
  };
}

function diffDocument({ equal, modes, declarations, changes, consequences }: PolicyDiff): DiffDocument {
  const document = (change: Change) => changeDocument(change, modes);
  return {
    equal,
    modes: modes.length,
    declarations: declarations.map((one) => ({ ...one, details: [...one.details] })),
    changes: changes.map(document),
    consequences: consequences.map(document),
  };
}

function changeDocument(
  { subjects, when, modes: own, items }: Change,
  modes: PolicyDiff['modes'],
): ChangeDocument {
  const side = (one: Change['items'][number]['old']) =>
    one && {
      text: one.text,
      because: one.sentences.map(({ text, place }) => ({ sentence: text, ...place })),
    };
  return {
    subjects: [...subjects],
    when: when && [...when],
    modes: own.flatMap((index) => {
      const mode = modes[index];
      return mode ? [{ conditions: mode.text, example: mode.example }] : [];
    }),
    items: items.map(({ topic, old, new: now }) => ({ topic, old: side(old), new: side(now) })),
  };
}
