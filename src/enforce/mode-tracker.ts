import type { Plan, Schedule } from '../compiler/plan.js';
import type { Instant } from './conditions/atom.js';
import {
  type ConditionStates,
  causesBetween,
  findMode,
  NO_CONDITIONS,
} from './conditions/condition-states.js';
import type { FindingDraft } from './findings.js';
import { type PlanIndex, scheduleOf } from './plan-index.js';
import type { Cause } from './status.js';
import { strictestSchedule } from './strictest-schedule.js';

/** The mode that the conditions ask for, since when, and why. */
export interface CurrentMode {
  readonly id: string;
  readonly schedule: Schedule;
  readonly since: Instant;
  readonly causes: readonly Cause[];
  /** The conditions as they were when it began. */
  readonly states: ConditionStates;
}

/** The mode after these conditions: the same object while they ask for the same mode. Pure. */
export function nextMode(
  index: PlanIndex,
  previous: CurrentMode | null,
  states: ConditionStates,
  now: Instant,
): CurrentMode {
  const mode = findMode(index.plan, states);
  const id = mode?.id ?? 'none';
  if (previous?.id === id) return previous;
  return {
    id,
    schedule: mode ? scheduleOf(index, mode) : strictestSchedule(index.plan),
    since: { nowNs: now.nowNs, wallMs: now.wallMs },
    causes: causesBetween(index.plan, previous?.states ?? NO_CONDITIONS, states),
    states,
  };
}

export function noModeFinding(plan: Plan, states: ConditionStates): FindingDraft {
  const vector = plan.conditions.map(
    ({ id, text }) => `${text}: ${states.conditions.get(id)?.value ?? 'unknown'}`,
  );
  return {
    code: 'no-mode',
    severity: 'error',
    subject: null,
    message: `the plan has no mode for ${vector.join('; ')}: compile the policy again, and report it if that does not help`,
    fallback: 'every restriction of every mode is in force at its strictest, and no promise is',
  };
}

/**
 * The states of atoms that a new plan has in common with the old one, so that replacing a policy does not start the
 * clocks of its conditions again.
 */
export function carryOver(from: Plan, states: ConditionStates, to: Plan): ConditionStates {
  const byText = new Map(
    from.atoms.map((atom) => [JSON.stringify({ ...atom, id: '' }), states.atoms.get(atom.id)]),
  );
  const atoms = to.atoms.flatMap((atom) => {
    const state = byText.get(JSON.stringify({ ...atom, id: '' }));
    return state ? [[atom.id, state] as const] : [];
  });
  return { atoms: new Map(atoms), conditions: new Map() };
}
