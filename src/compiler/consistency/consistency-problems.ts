import type { Plan, Schedule, ScheduleProof } from '../plan.js';
import { atomNameProblems } from './atom-names.js';
import { budgetProblems } from './budgets.js';
import { citationProblems } from './citations.js';
import { classProblems } from './classes.js';
import { conditionProblems } from './conditions.js';
import { gapProblems } from './gaps.js';
import { hostProblems } from './host-facts.js';
import { interfaceRowProblems } from './interfaces.js';
import { keptProblems } from './kept.js';
import { meansProblems } from './means.js';
import { modeValueProblems } from './mode-values.js';
import { modeProblems } from './modes.js';
import { offerProblems } from './offers.js';
import { placedProblems } from './placed.js';
import { promiseProblems } from './promises.js';
import { settingProblems } from './settings.js';
import { shareRowProblems } from './share-rows.js';
import { subjectProblems } from './subjects.js';
import { timetableShapeProblems } from './timetable-shape.js';
import { transitionProblems } from './transitions.js';
import { treeProblems } from './tree.js';
import { vcpuProblems } from './vcpus.js';

/*
 * Whatever a plan says of itself besides its proofs: that no part of it contradicts another. It shares nothing with the
 * compiler but its types, the format of durations, and the digest of the policy.
 */

const PLAN_CHECKS: readonly ((plan: Plan) => readonly string[])[] = [
  hostProblems,
  classProblems,
  subjectProblems,
  treeProblems,
  conditionProblems,
  atomNameProblems,
  modeProblems,
  modeValueProblems,
  budgetProblems,
  offerProblems,
  citationProblems,
  interfaceRowProblems,
  transitionProblems,
];

const SCHEDULE_CHECKS: readonly ((
  schedule: Schedule,
  proof: ScheduleProof,
  plan: Plan,
) => readonly string[])[] = [
  gapProblems,
  settingProblems,
  (schedule, _, plan) => meansProblems(schedule, plan),
  promiseProblems,
  (schedule, _, plan) => timetableShapeProblems(schedule, plan),
  shareRowProblems,
  placedProblems,
  (schedule, _, plan) => vcpuProblems(schedule, plan),
  keptProblems,
];

/** What contradicts itself in a plan, in sentences. Proofs of schedules are expected to be there. */
export function consistencyProblems(plan: Plan): readonly string[] {
  const proofs = new Map(plan.certificate.schedules.map((proof) => [proof.schedule, proof]));
  return [
    ...PLAN_CHECKS.flatMap((check) => check(plan)),
    ...plan.schedules.flatMap((schedule) => {
      const proof = proofs.get(schedule.id);
      if (!proof) return [];
      return SCHEDULE_CHECKS.flatMap((check) => check(schedule, proof, plan)).map(
        (problem) => `schedule ${schedule.id}: ${problem}`,
      );
    }),
  ];
}
