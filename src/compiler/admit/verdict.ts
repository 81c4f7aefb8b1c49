import type { Model } from '../../lang/model.js';
import type { Mode, Plan, Schedule } from '../plan.js';
import type { Outcome } from '../situation-plan.js';
import type { HeldPolicy } from './held-policy.js';
import { type Refusal, refusalIn, refusalOf } from './obstacle.js';
import { planTogether } from './plan-together.js';

/** What planning a request with the policy of a plan says of some modes. */
export interface Verdict {
  readonly modes: readonly Mode[];
  readonly outcome: Outcome;
  /** Of the plan, as it is without the request. */
  readonly present: Schedule;
  /** Null: the request fits. */
  readonly refusal: Refusal | null;
}

export interface Judged {
  /** None where policy and request cannot be planned at all. */
  readonly verdicts: readonly Verdict[];
  /** What stands in the way in all modes alike; null: nothing. */
  readonly problem: Refusal | null;
}

/** What becomes of a request (with names of its own) beside the policy of a plan. */
export function judged(policy: HeldPolicy, plan: Plan, request: Model): Judged {
  const { outcomes, problem } = planTogether(policy, request);
  return {
    verdicts: outcomes.map((outcome, index) => {
      // INVARIANT: one outcome for each situation, in which there is a mode with a schedule.
      const { modes } = policy.situations[index]!;
      const present = plan.schedules.find(({ id }) => id === modes[0]!.schedule)!;
      return { modes, outcome, present, refusal: refusalIn(outcome) ?? softening(outcome, present, plan) };
    }),
    problem: problem && refusalOf(problem),
  };
}

export const isAdmitted = ({ verdicts, problem }: Judged): boolean =>
  problem === null && verdicts.every(({ refusal }) => refusal === null);

/** Under global EDF promises of the plan that are hard would only be bounded with the request; null: they stay what they are. */
function softening({ drafted }: Outcome, { id }: Schedule, { certificate }: Plan): Refusal | null {
  const before = certificate.schedules.find(({ schedule }) => schedule === id)?.reservations.test;
  const after = drafted?.schedule.proof.reservations.test;
  if (before !== 'gfb' || after !== 'devi-anderson') return null;
  return { obstacle: 'hardness', code: null, reason: null, proof: true };
}
