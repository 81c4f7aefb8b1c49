import { consistencyProblems } from './consistency/consistency-problems.js';
import type { Plan } from './plan.js';
import { planChecksum } from './plan-checksum.js';
import { certificateProblems } from './verify/check-certificate.js';

/**
 * What is wrong with a plan, in sentences; empty when everything in it holds: its certificate (`verify/`), and whatever else
 * it says of itself (`consistency/`). Neither shares anything with the compiler but the checksum and the policy's digest.
 */
export function verifyPlan(plan: Plan): readonly string[] {
  try {
    return [
      ...certificateProblems(plan),
      ...consistencyProblems(plan),
      ...(plan.certificate.checksum === planChecksum(plan) ? [] : ['the plan is not what was compiled']),
    ];
  } catch (error) {
    return [`the plan cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}
