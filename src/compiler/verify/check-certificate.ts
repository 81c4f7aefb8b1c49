import type { Plan } from '../plan.js';
import { hostOf } from './host.js';
import { interfaceProblems } from './interfaces.js';
import { serverProblems } from './servers.js';
import { shareProblems } from './shares.js';
import { timetableProblems } from './timetables.js';

/*
 * Re-checks the certificate of a plan. On purpose it shares nothing with the compiler: straightforward sums over what the
 * plan itself says, in exact fractions. The compiler may be clever; this must be obvious, and is under 400 lines.
 */

/** What is wrong with the proofs of a plan's schedules, in sentences; none where all of them hold. */
export function certificateProblems(plan: Plan): readonly string[] {
  const host = hostOf(plan);
  return plan.schedules.flatMap((schedule) => {
    const [proof, another] = plan.certificate.schedules.filter((one) => one.schedule === schedule.id);
    if (!proof || another) return [`schedule ${schedule.id} has no proof, or two`];
    return [
      ...serverProblems(schedule, proof, host),
      ...interfaceProblems(schedule, plan, host),
      ...shareProblems(schedule, proof, host),
      ...timetableProblems(schedule, host),
    ].map((problem) => `schedule ${schedule.id}: ${problem}`);
  });
}
