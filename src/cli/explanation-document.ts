import type { ExplanationDocument } from '../api/explanation-schema.js';
import type { Explanation } from '../compiler/index.js';
import type { Diagnostic } from '../lang/index.js';

/** The document of `vmc explain FILE SUBJECT --format json`: schemas/explanation.schema.json. */
export function explanationDocument(
  explanation: Explanation | null,
  diagnostics: readonly Diagnostic[],
): ExplanationDocument {
  return {
    ...(explanation && { explanation: explained(explanation) }),
    diagnostics: [...diagnostics] as ExplanationDocument['diagnostics'],
  };
}

function explained({
  subject,
  conditions,
  treatments,
  modes,
}: Explanation): NonNullable<ExplanationDocument['explanation']> {
  return {
    subject: subject.key,
    kind: subject.kind,
    who: subject.who,
    conditions: conditions && [...conditions],
    treatments: treatments.map((treatment) => ({
      when: [...treatment.when],
      modes: treatment.modes.flatMap((index) => {
        const mode = modes[index];
        return mode ? [{ conditions: mode.text, example: mode.example }] : [];
      }),
      points: treatment.points.map(({ topic, says, from, steps, means }) => ({
        topic,
        says,
        from: from.map(({ place, ...one }) => ({ ...one, ...place })),
        steps: [...steps],
        means: [...means],
      })),
    })),
  };
}
