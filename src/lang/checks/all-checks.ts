import type { Check, CheckInput } from './check.js';

export const CHECKS: readonly Check[] = [];

export function runChecks(input: CheckInput): void {
  for (const check of CHECKS) check(input);
}
