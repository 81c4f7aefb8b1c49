import type { Diagnostic } from '../lang/index.js';
import { ExitCode } from './exit-code.js';

/** VMC4xxx: well-formed, but no schedule keeps it. VMC5xxx: this host cannot. */
const INFEASIBLE = /^VMC[45]/;

/** 0 without errors; 2 where all of them say that no schedule keeps the policy; else 1. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return ExitCode.done;
  return errors.every(({ code }) => INFEASIBLE.test(code)) ? ExitCode.infeasible : ExitCode.policyErrors;
}
