import { coreCountOf } from '../facts.js';
import type { Plan, Schedule, ScheduleProof } from '../plan.js';
import { above, decimal, equal, type Fraction, minus, parse, ratio } from '../verify/fractions.js';
import { unless } from '../verify/host.js';
import { rounded } from './rounded.js';

/** What is kept for the owner is kept by something: weights, a limit of all guests, or times in which they run. */
export function keptProblems(
  schedule: Schedule,
  { keptCores, shares }: ScheduleProof,
  plan: Plan,
): readonly string[] {
  const { settings, timetable } = schedule;
  const { host } = plan;
  const kept = parse(keptCores);
  const count = coreCountOf(host);
  const left = minus(ratio(count), kept);
  const owner = settings.flatMap((one) => (one.mechanism === 'share' && one.class === 'owner' ? [one] : []));
  const limited = settings.some(
    (one) =>
      one.mechanism === 'quota' && one.class === 'guests' && !above(decimal(one.ceilingCores), rounded(left)),
  );
  const served = new Set(settings.flatMap((one) => (one.mechanism === 'reservation' ? [one.class] : [])));
  const timed = (timetable?.ceilings ?? []).some((one) => {
    const own = new Set(one.classes);
    const isOfAll = plan.classes.every(({ name }) => own.has(name) || served.has(name));
    return isOfAll && !above(ratio(one.vcpus), left);
  });
  const rows = shares.flatMap(({ children }) => children.filter((one) => one.class === 'owner'));
  const floors = rows.flatMap(({ floorCores }) => (floorCores === null ? [] : [parse(floorCores)]));
  return [
    ...unless(
      kept[0] === 0n || owner.length > 0 || limited || timed || isAside(schedule, plan),
      'nothing keeps what is kept for the owner',
    ),
    ...unless(
      owner.every((one) => isFloor(one, kept) && rows.some((row) => isProved(row, one.weight))),
      'the owner is promised something else than is kept',
    ),
    ...unless(
      floors.every((floor) => !above(floor, kept)),
      'more is proved to be kept for the owner than is',
    ),
  ];
}

/** Nobody is there whom a limit of all guests would act on: they have servers or are paused, or stay where they are. */
function isAside({ settings }: Schedule, { classes, host }: Plan): boolean {
  if (host.cgroup.version > 0 && !host.cgroup.gather) return true;
  const aside = new Set(
    settings.flatMap((one) =>
      one.mechanism === 'reservation' || ('runNs' in one && one.runNs === 0) ? [one.class] : [],
    ),
  );
  return classes.every(({ name }) => aside.has(name));
}

/** All that is kept, unless it says that it is less. */
function isFloor(
  { floorCores, fidelity }: Extract<Schedule['settings'][number], { mechanism: 'share' }>,
  kept: Fraction,
) {
  if (floorCores === null) return false;
  const floor = decimal(floorCores);
  return equal(floor, rounded(kept)) || (!above(floor, kept) && fidelity.note !== undefined);
}

const isProved = (
  { weight, floorCores }: ScheduleProof['shares'][number]['children'][number],
  own: number,
): boolean => weight === own && floorCores !== null;
