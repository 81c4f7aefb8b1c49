import fc from 'fast-check';
import type { Plan, Schedule, Server, Setting } from '../../../src/compiler/plan.js';
import {
  duty,
  elevated,
  FACTS,
  group,
  memory,
  modesOf,
  network,
  onEach,
  onSum,
  placement,
  plan,
  quota,
  reservation,
  schedule,
  share,
  stop,
  timetable,
  vm,
} from './plans.js';

const MS = 1e6;
const CLASSES = [vm('a', 2), vm('b'), group('c', 2), vm('d')];
const NAMES = CLASSES.map(({ name }) => name);
const PERIODS = [10, 20, 40, 100, 400].map((period) => period * MS);

/** What one class is asked for in one schedule. */
const demand = fc.record({
  kind: fc.constantFrom(
    'reservation',
    'reservation',
    'reservation',
    'share',
    'quota',
    'duty',
    'elevated',
    'knobs',
    'stop',
    'none',
  ),
  part: fc.integer({ min: 1, max: 9 }),
  period: fc.constantFrom(...PERIODS),
  core: fc.integer({ min: 0, max: 1 }),
  scope: fc.constantFrom('each' as const, 'sum' as const),
});
type Demand = typeof demand extends fc.Arbitrary<infer T> ? T : never;

/** A schedule that is admitted: on each core the servers' utilisations sum to the limit at most. */
function toSchedule(
  id: string,
  demands: readonly Demand[],
  unionQuota: number | null,
  sliceQuota: number | null,
): Schedule {
  const settings: Setting[] = [];
  const servers: Server[] = [];
  const used = [0, 0];
  const runs: Record<string, number> = {};
  demands.forEach(({ kind, part, period, core, scope }, at) => {
    const name = NAMES[at] ?? '';
    const subject = scope === 'each' ? onEach(name) : onSum(name);
    if (kind === 'share') settings.push(share(subject, part * 300));
    if (kind === 'quota') settings.push(quota(subject, part / 10));
    if (kind === 'duty' || kind === 'elevated') {
      const cycle = kind === 'duty' ? duty : elevated;
      settings.push(cycle(onEach(name), part * 20 * MS, 1000 * MS));
      runs[name] = part * 20 * MS;
    }
    if (kind === 'knobs') {
      settings.push(
        placement(onEach(name), [core]),
        memory(subject, part * 1e8),
        network(subject, part * 1e6),
      );
    }
    if (kind === 'stop') settings.push(stop(onEach(name), part * 200 * MS));
    if (kind !== 'reservation') return;
    const one = CLASSES[at];
    const budgetNs = (period * part) / 10;
    const threads = Array.from({ length: one?.maxGuests ?? 1 }, (_, member) =>
      Array.from({ length: one?.vcpus ?? 1 }, (_, vcpu) => ({ member, thread: `vcpu ${vcpu}` })),
    ).flat();
    const placed = threads.map((thread, index) => ({
      class: name,
      ...thread,
      core: (core + index) % 2,
      budgetNs,
      periodNs: period,
    }));
    const after = [0, 1].map(
      (c) => (used[c] ?? 0) + placed.filter((one) => one.core === c).length * (budgetNs / period),
    );
    if (after.some((sum) => sum > FACTS.deadlineLimit)) return;
    after.forEach((sum, c) => {
      used[c] = sum;
    });
    servers.push(...placed);
    settings.push(reservation(name, budgetNs, period));
  });
  if (unionQuota !== null) settings.push(quota(onSum('both', 'union'), unionQuota));
  if (sliceQuota !== null) settings.push(quota(onSum('guests', 'guests'), sliceQuota));
  return schedule(id, {
    settings,
    servers,
    timetable: Object.keys(runs).length > 0 ? timetable(1000 * MS, runs) : null,
  });
}

const arbitrarySchedule = (id: string): fc.Arbitrary<Schedule> =>
  fc
    .tuple(
      fc.array(demand, { minLength: NAMES.length, maxLength: NAMES.length }),
      fc.option(fc.integer({ min: 1, max: 20 }).map((tenths) => tenths / 10)),
      fc.option(fc.integer({ min: 1, max: 20 }).map((tenths) => tenths / 10)),
    )
    .map(([demands, union, slice]) => toSchedule(id, demands, union, slice));

/** Three modes by one switch-like signal, each with its own admitted schedule; changes between them in two steps. */
export const arbitraryPlan: fc.Arbitrary<Plan> = fc
  .tuple(
    arbitrarySchedule('s0'),
    arbitrarySchedule('s1'),
    arbitrarySchedule('s2'),
    fc.constantFrom(1 as const, 2 as const),
  )
  .map(([first, second, third, version]) =>
    plan({
      host: { ...FACTS, cgroup: { ...FACTS.cgroup, version } },
      classes: CLASSES,
      unions: [{ name: 'both', classes: ['b', 'c'] }],
      tree: [
        { name: 'both', parent: null, subject: 'union' },
        { name: 'a', parent: null, subject: 'class' },
        { name: 'b', parent: 'both', subject: 'class' },
        { name: 'c', parent: 'both', subject: 'class' },
        { name: 'd', parent: null, subject: 'class' },
        { name: 'others', parent: null, subject: 'others' },
      ],
      ...modesOf({ id: 'flag', kind: 'signal', signal: 'flag' }, { no: 's0', yes: 's1', unknown: 's2' }),
      schedules: [first, second, third],
    }),
  );

export const GUEST_NAMES = ['a', 'b', 'c-1', 'c-2', 'c-3', 'd', 'foreign'] as const;
