import type { FindingDraft } from './findings.js';
import type { Observation } from './host.js';

/** A finding for each setting that a guest has the means for only in part. Pure. */
export function noteFindings({ guests }: Pick<Observation, 'guests'>): readonly FindingDraft[] {
  return guests.flatMap(({ guest, notes = [] }) =>
    notes.map(({ knob, message, fallback }) => ({
      code: `limited-${knob}`,
      severity: 'warning' as const,
      subject: guest.key,
      message,
      fallback,
    })),
  );
}
