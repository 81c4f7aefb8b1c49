import type { FindingDraft } from './findings.js';

/** A reservation that waits for others to go. */
export const noRoom = ({
  guest,
  core,
}: {
  readonly guest: string;
  readonly core: number | null;
}): FindingDraft => ({
  code: 'no-room',
  severity: 'warning',
  subject: guest,
  message: `core ${core} still carries reservations that should be gone, and has no room for this guest's`,
  fallback: 'it runs without this reservation, or with its old one; asked for again every second',
});

/** A step that came to no end. */
export const stepFailed = (message: string): FindingDraft => ({
  code: 'step-failed',
  severity: 'error',
  subject: null,
  message: `the guests could not be looked at or steered: ${message}`,
  fallback: 'everything stays as it is; tried again every second',
});
