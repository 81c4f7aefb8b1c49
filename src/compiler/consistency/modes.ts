import type { Plan } from '../plan.js';

/** One mode for each combination of condition values, each with a schedule; offers that are admitted in modes that exist. */
export function modeProblems(plan: Plan): readonly string[] {
  const { planVersion, modes, conditions, schedules, offers, classes, certificate } = plan;
  const ids = schedules.map(({ id }) => id);
  const named = modes.map(({ id }) => id);
  const vectors = modes.map(({ when }) => JSON.stringify(conditions.map(({ id }) => when[id])));
  const isWhole = modes.every(({ when }) => conditions.every(({ id }) => when[id] !== undefined));
  const isAdmitted = ({ name, count }: (typeof offers)[number]) =>
    classes.some((one) => one.name === name && one.maxGuests === count);
  const checks: readonly (readonly [boolean, string])[] = [
    [planVersion === 1, `plan version ${planVersion} is not known`],
    [modes.length > 0, 'there is no mode'],
    [isOnce(ids), 'two schedules have the same id'],
    [isOnce(named), 'two modes have the same id'],
    [isOnce(vectors), 'two modes have the same condition values'],
    [isWhole, 'a mode has no value for a condition'],
    [modes.every(({ schedule }) => ids.includes(schedule)), 'a mode names a schedule that does not exist'],
    [ids.every((id) => modes.some(({ schedule }) => schedule === id)), 'a schedule is in no mode'],
    [certificate.schedules.length === ids.length, 'there are proofs of schedules that do not exist'],
    [offers.every((one) => one.modes.every((id) => named.includes(id))), 'an offer holds in no such mode'],
    [offers.every(isAdmitted), 'an offer is not admitted as a class'],
  ];
  return checks.flatMap(([holds, problem]) => (holds ? [] : [problem]));
}

const isOnce = (all: readonly string[]): boolean => new Set(all).size === all.length;
