import { defineDiagnostics } from '../../lang/catalogue-entry.js';

/** VMC3020 and VMC602x: what owners assert of their policy. (VMC3021 and on are those of tests: scenario/catalogue.ts.) */
export const assertions = defineDiagnostics({
  broken: {
    code: 'VMC3020',
    severity: 'error',
    title: 'An assertion that does not hold',
    message: (p: { subject: string; expected: string; got: string; mode: string; example: string | null }) =>
      `Asserted: ${p.subject} ${p.expected}; but ${p.got}${
        p.mode === 'always' ? '' : ` in mode "${p.mode}"`
      }${p.example === null ? '' : `, for example at ${p.example}`}.`,
    hint: (p: { advice: string }) => p.advice,
  },
  neverAsked: {
    code: 'VMC6020',
    severity: 'warning',
    title: 'An assertion that is never asked',
    message: (_: object) => 'No mode that can occur makes its conditions true: it asserts nothing.',
    hint: () => 'Check the condition behind `while`, and those around it.',
  },
});
