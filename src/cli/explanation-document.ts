import type { ExplanationDocument } from '../api/explanation-schema.js';
import type { Explanation, Treatment } from '../compiler/index.js';
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
  aspects,
  modes,
}: Explanation): NonNullable<ExplanationDocument['explanation']> {
  return {
    subject: subject.key,
    kind: subject.kind,
    who: subject.who,
    conditions: conditions && [...conditions],
    aspects: aspects.map(({ name, treatments }) => ({
      aspect: name,
      treatments: treatments.map((one) => treatmentDocument(one, modes)),
    })),
  };
}

type TreatmentDocument = NonNullable<
  ExplanationDocument['explanation']
>['aspects'][number]['treatments'][number];

function treatmentDocument(treatment: Treatment, modes: Explanation['modes']): TreatmentDocument {
  return {
    when: treatment.when && [...treatment.when],
    modes: treatment.modes.flatMap((index) => {
      const mode = modes[index];
      return mode ? [{ conditions: mode.text, example: mode.example }] : [];
    }),
    points: treatment.points.map(({ topic, says, from, leastOf, steps, means }) => ({
      topic,
      says,
      from: from.map(({ place, ...one }) => ({ ...one, ...place })),
      leastOf: [...leastOf],
      steps: [...steps],
      means: [...means],
    })),
  };
}
