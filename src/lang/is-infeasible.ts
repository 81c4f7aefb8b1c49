import type { Diagnostic } from './diagnostic.js';

/** VMC4xxx: well-formed, but no schedule keeps it. VMC5xxx: this host cannot. */
const INFEASIBLE = /^VMC[45]/;

/** Whether there are errors, and all of them say that no schedule keeps the policy. */
export function isInfeasible(diagnostics: readonly Pick<Diagnostic, 'severity' | 'code'>[]): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length > 0 && errors.every(({ code }) => INFEASIBLE.test(code));
}
