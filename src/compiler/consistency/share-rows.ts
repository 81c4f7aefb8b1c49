import { groupBy } from '../group-by.js';
import type { Plan, Schedule, ScheduleProof } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

type Row = ScheduleProof['shares'][number];

/** Weights are divided among just those who compete: what is in a subject, but who runs only when nobody else wants to. */
export function shareRowProblems(
  schedule: Schedule,
  { shares }: ScheduleProof,
  plan: Plan,
): readonly string[] {
  const weighted = schedule.settings.flatMap((one) => (one.mechanism === 'share' ? [one] : []));
  const idle = new Set(weighted.filter((one) => one.idle).map((one) => one.class));
  const rows = new Set(shares.flatMap(({ children }) => children.map((one) => one.class)));
  const isNice = plan.host.cgroup.version === 0 || !plan.host.cgroup.gather;
  const children = childrenIn(plan, idle);
  const competing = (row: Row) => {
    const names = row.children.map((one) => one.class);
    if (row.parent === 'host') return isNice ? isOnce(names) : `${names}` === 'owner,guests';
    return `${[...names].sort()}` === `${(children.get(row.parent) ?? []).map(({ name }) => name).sort()}`;
  };
  const divided = new Set(shares.map(({ parent }) => parent));
  const contended = shares.some(({ children: all }) =>
    all.some((one) => one.class !== 'owner' && one.floorCores !== null),
  );
  const whole = [...children.keys()].filter((name) => name !== 'guests' || contended);
  const undivided = isNice
    ? []
    : whole.filter(
        (name) => rows.has(name) && !divided.has(name) && (name === 'guests' || divided.has('guests')),
      );
  // Nice values alone, to let others go first, promise nothing.
  const isProved = !isNice || shares.length > 0;
  const missing = weighted.filter((one) => isProved && !one.idle && !rows.has(one.class));
  return [
    ...shares
      .filter((row) => !competing(row))
      .map(({ parent }) => `${parent} is not divided among those in it`),
    ...unless(
      isOnce(shares.filter(({ parent }) => parent !== 'host').map(({ parent }) => parent)),
      'a subject is divided twice',
    ),
    ...unless(isOnce(shares.map((row) => JSON.stringify(row))), 'a row of weights is there twice'),
    ...undivided.map((name) => `nothing proves what those in ${name} have`),
    ...missing.map((one) => `nothing proves the weight of ${one.class}`),
  ];
}

/** Who competes in each subject. */
const childrenIn = (
  { tree }: Plan,
  idle: ReadonlySet<string>,
): ReadonlyMap<string, readonly Plan['tree'][number][]> =>
  groupBy(
    tree.filter(({ name }) => !idle.has(name)),
    ({ parent }) => parent ?? 'guests',
  );
