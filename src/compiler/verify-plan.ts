import { gapProblems } from './consistency/gaps.js';
import { modeProblems } from './consistency/modes.js';
import { settingProblems } from './consistency/settings.js';
import { transitionProblems } from './consistency/transitions.js';
import type { Plan } from './plan.js';
import { planChecksum } from './plan-checksum.js';
import { certificateProblems } from './verify/check-certificate.js';

/**
 * What is wrong with a plan, in sentences; empty when everything in it holds: its certificate (`verify/`), and whatever else
 * it says of itself (`consistency/`). Neither shares anything with the compiler but the checksum.
 */
export function verifyPlan(plan: Plan): readonly string[] {
  try {
    return [
      ...certificateProblems(plan),
      ...modeProblems(plan),
      ...transitionProblems(plan),
      ...plan.schedules.flatMap((schedule) => {
        const proof = plan.certificate.schedules.find((one) => one.schedule === schedule.id);
        if (!proof) return [];
        return [...gapProblems(schedule, proof, plan), ...settingProblems(schedule, proof, plan)].map(
          (problem) => `schedule ${schedule.id}: ${problem}`,
        );
      }),
      ...(plan.certificate.checksum === planChecksum(plan) ? [] : ['the plan is not what was compiled']),
    ];
  } catch (error) {
    return [`the plan cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}
