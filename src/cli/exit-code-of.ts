import type { Diagnostic } from '../lang/index.js';
import { isInfeasible } from '../lang/is-infeasible.js';
import { ExitCode } from './exit-code.js';

/** 0 without errors; 2 where all of them say that no schedule keeps the policy; else 1. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  if (!diagnostics.some(({ severity }) => severity === 'error')) return ExitCode.done;
  return isInfeasible(diagnostics) ? ExitCode.infeasible : ExitCode.policyErrors;
}
