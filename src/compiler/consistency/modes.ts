import type { Plan } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

/** One mode for each combination of condition values, each with a schedule, of which there is a proof. */
export function modeProblems({
  planVersion,
  modes,
  conditions,
  schedules,
  certificate,
}: Plan): readonly string[] {
  const ids = schedules.map(({ id }) => id);
  const [known, used] = [new Set(ids), new Set(modes.map(({ schedule }) => schedule))];
  const vectors = modes.map(({ when }) => JSON.stringify(conditions.map(({ id }) => when[id])));
  const isWhole = modes.every(({ when }) => conditions.every(({ id }) => when[id] !== undefined));
  return [
    ...unless(planVersion === 1, `plan version ${planVersion} is not known`),
    ...unless(modes.length > 0, 'there is no mode'),
    ...unless(isOnce(ids), 'two schedules have the same id'),
    ...unless(isOnce(modes.map(({ id }) => id)), 'two modes have the same id'),
    ...unless(isOnce(vectors), 'two modes have the same condition values'),
    ...unless(isWhole, 'a mode has no value for a condition'),
    ...unless(
      [...used].every((id) => known.has(id)),
      'a mode names a schedule that does not exist',
    ),
    ...unless(
      ids.every((id) => used.has(id)),
      'a schedule is in no mode',
    ),
    ...unless(certificate.schedules.length === ids.length, 'there are proofs of schedules that do not exist'),
  ];
}
