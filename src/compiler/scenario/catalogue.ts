import { defineDiagnostics } from '../../lang/catalogue-entry.js';

/** VMC302x: what policy tests find (VMC3020 is an assertion's: claims/catalogue.ts). */
export const policyTests = defineDiagnostics({
  notMet: {
    code: 'VMC3021',
    severity: 'error',
    title: 'An expectation that is not met',
    message: (p: { subject: string; expected: string; got: string }) =>
      `Expected ${p.subject} ${p.expected}, but ${p.got}.`,
    hint: (p: { advice: string | null }) => p.advice,
  },
  timeMatters: {
    code: 'VMC3022',
    severity: 'error',
    title: 'A test without a time where calendars matter',
    message: (p: { calendars: readonly string[]; met: string; notMet: string; expectation: string }) =>
      `Whether \`${p.expectation}\` is met depends on ${p.calendars.join(', ')}: it is at ${p.met}, and is not at ${p.notMet}.`,
    hint: (p) => `Say when the test takes place: \`at ${clockOf(p.met)}\`.`,
  },
  skippedTime: {
    code: 'VMC3023',
    severity: 'error',
    title: 'A time that the clocks skip',
    message: (p: { time: string; zone: string }) =>
      `There is no ${p.time} in ${p.zone}: the clocks go forward over it.`,
    hint: () => 'Choose a time before the change, or after it.',
  },
});

/** "2026-11-23 10:00" of "2026-11-23T10:00:00+01:00[Europe/Berlin]". */
const clockOf = (instant: string): string => instant.slice(0, 16).replace('T', ' ');
