import { expect } from 'chai';
import type { Plan, Setting } from '../../../src/compiler/plan.js';
import { classify, NO_ASSIGNMENT } from '../../../src/enforce/classify.js';
import { decide } from '../../../src/enforce/decide/decide.js';
import { pathKey } from '../../../src/enforce/group-path.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import type { GuestSpec } from '../../../src/enforce/simulated/simulated-guest.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { strictestSchedule } from '../../../src/enforce/strictest-schedule.js';
import {
  demoPlan,
  duty,
  group,
  onEach,
  onSum,
  plan,
  quota,
  reservation,
  schedule,
  server,
  share,
  timetable,
  vm,
} from '../support/plans.js';

const MS = 1e6;

/** What one schedule asks of these guests; `before` may do to the host what its users do. */
async function decided(
  one: Plan,
  specs: readonly GuestSpec[],
  before: (host: SimulatedHost) => void = () => {},
) {
  const host = new SimulatedHost({ facts: one.host });
  await host.start();
  for (const spec of specs) host.boot(spec);
  before(host);
  const observation = await host.observe();
  const { classified } = classify(
    one,
    NO_ASSIGNMENT,
    observation.guests.map(({ guest }) => guest),
  );
  const [first] = one.schedules;
  if (!first) throw new Error('a plan has a schedule');
  const desired = decide(indexPlan(one), first, classified, observation);
  const keyOf = (name: string) => host.guests.find((guest) => guest.name === name)?.key ?? '';
  const groups = new Map(desired.groups.map((one) => [pathKey(one.path), one]));
  return { desired, host, keyOf, groups };
}

const inTree = (settings: readonly Setting[]): Plan =>
  plan({
    classes: [vm('a'), group('b', 2)],
    unions: [{ name: 'both', classes: ['a', 'b'] }],
    tree: [
      { name: 'both', parent: null, subject: 'union' },
      { name: 'a', parent: 'both', subject: 'class' },
      { name: 'b', parent: 'both', subject: 'class' },
      { name: 'others', parent: null, subject: 'others' },
    ],
    schedules: [schedule('s', { settings: [...settings] })],
  });

describe('decide, on groups', () => {
  it('nests slice, unions, class and a leaf for each guest, and makes no group that nobody needs', async () => {
    const { groups, keyOf } = await decided(inTree([]), [{ name: 'b-1' }, { name: 'foreign' }]);
    expect([...groups.keys()]).to.have.members([
      '',
      'both',
      'both/b',
      `both/b/${keyOf('b-1')}`,
      'others',
      `others/${keyOf('foreign')}`,
    ]);
    expect((await decided(inTree([]), [])).groups.size).to.equal(0);
  });

  it('sets weights and quotas on the sum at the subject’s group, on each at the leaves, others at their default', async () => {
    const settings = [
      share(onSum('a'), 300),
      share(onSum('guests', 'guests'), 2000),
      quota(onEach('b'), 0.5),
      quota(onSum('both', 'union'), 1.5),
    ];
    const { groups, keyOf } = await decided(inTree(settings), [
      { name: 'a' },
      { name: 'b-1' },
      { name: 'b-2' },
    ]);
    expect(groups.get('')?.weight).to.equal(2000);
    expect(groups.get('both/a')).to.include({ weight: 300, quota: null });
    expect(groups.get('both')?.quota).to.deep.equal({ quotaNs: 150_000_000n, periodNs: 100_000_000n });
    expect(groups.get('both/b')).to.include({ weight: 1024, quota: null });
    for (const name of ['b-1', 'b-2']) {
      expect(groups.get(`both/b/${keyOf(name)}`)?.quota?.quotaNs).to.equal(50_000_000n);
    }
  });

  it('takes the lowest of several ceilings, and none that a group above makes redundant', async () => {
    const settings = [quota(onSum('a'), 0.8), quota(onSum('a'), 0.6), quota(onSum('both', 'union'), 0.5)];
    const { groups } = await decided(inTree(settings), [{ name: 'a' }]);
    expect(groups.get('both')?.quota?.quotaNs).to.equal(50_000_000n);
    expect(groups.get('both/a')?.quota).to.equal(null);
  });

  it('rounds quotas down to what the kernel takes, over a longer period where they would be too short', async () => {
    const of = async (cores: number) =>
      (await decided(inTree([quota(onSum('a'), cores)]), [{ name: 'a' }])).groups.get('both/a')?.quota;
    expect(await of(0.7)).to.deep.equal({ quotaNs: 70_000_000n, periodNs: 100_000_000n });
    expect(await of(1 / 3)).to.deep.equal({ quotaNs: 33_333_000n, periodNs: 100_000_000n });
    expect(await of(0.005)).to.deep.equal({ quotaNs: 1_000_000n, periodNs: 200_000_000n });
  });

  it('says so where the plan limits a sum for which it has no group', async () => {
    const one = {
      ...inTree([quota(onSum('both', 'union'), 1)]),
      tree: [{ name: 'a', parent: null, subject: 'class' as const }],
    };
    const { desired } = await decided(one, [{ name: 'a' }]);
    expect(desired.findings.map(({ code }) => code)).to.deep.equal(['no-group']);
  });

  it('gathers nobody on a host on which guests cannot be gathered', async () => {
    const one = inTree([]);
    const scattered = { ...one, host: { ...one.host, cgroup: { ...one.host.cgroup, gather: false } } };
    const { desired } = await decided(scattered, [{ name: 'a' }]);
    expect(desired.groups).to.deep.equal([]);
    expect(desired.guests.size).to.equal(0);
  });
});

describe('decide, on reservations', () => {
  const reserved = plan({
    classes: [group('b', 2, 2)],
    schedules: [
      schedule('s', {
        settings: [reservation('b', 20 * MS, 100 * MS)],
        servers: [0, 1].flatMap((member) => [
          server('b', 'vcpu 0', 0, 20 * MS, 100 * MS, member),
          server('b', 'vcpu 1', 1, 20 * MS, 100 * MS, member),
          server('b', 'main', 1, 0.5 * MS, 10 * MS, member),
        ]),
      }),
    ],
  });
  const serversOf = async (spec: GuestSpec) => {
    const { desired, keyOf, host } = await decided(reserved, [spec]);
    const servers = desired.guests.get(keyOf('b-1'))?.servers ?? [];
    return { servers, desired, guest: host.guests[0] };
  };

  it('puts each vCPU’s server on its thread, and the main loop’s on the thread of the process', async () => {
    const { servers, guest } = await serversOf({ name: 'b-1', vcpus: ['busy', 'busy'] });
    expect(servers.map(({ tid, thread, core }) => [tid, thread, core])).to.deep.equal([
      [guest?.vcpus[0]?.tid, 'vcpu 0', 0],
      [guest?.vcpus[1]?.tid, 'vcpu 1', 1],
      [guest?.pid, 'main', 1],
    ]);
  });

  it('leaves servers of vCPUs that a guest has not got unused', async () => {
    const { servers, desired } = await serversOf({ name: 'b-1' });
    expect(servers.map(({ thread }) => thread)).to.deep.equal(['vcpu 0', 'main']);
    expect(desired.findings).to.deep.equal([]);
  });

  it('gives none to a guest with more vCPUs than declared', async () => {
    const { servers } = await serversOf({ name: 'b-1', vcpus: ['busy', 'busy', 'busy'] });
    expect(servers).to.deep.equal([]);
  });

  it('says so where the vCPU threads of a guest are not known', async () => {
    const { servers, desired } = await serversOf({ name: 'b-1', vcpuSource: 'none' });
    expect(servers).to.deep.equal([]);
    expect(desired.findings.map(({ code }) => code)).to.deep.equal(['no-vcpu-threads']);
    expect(desired.findings[0]?.message).to.contain('-name NAME,debug-threads=on');
  });
});

describe('decide, on timetables', () => {
  const cycled = (...settings: Setting[]) =>
    plan({
      classes: [vm('a'), vm('b')],
      schedules: [
        schedule('s', { settings, timetable: timetable(1000 * MS, { a: 200 * MS, others: 100 * MS }) }),
      ],
    });
  const entriesOf = async (one: Plan, names: readonly string[], before?: (host: SimulatedHost) => void) => {
    const { desired, keyOf } = await decided(
      one,
      names.map((name) => ({ name })),
      before,
    );
    return names.flatMap((name) => {
      const entry = desired.timetable?.entries.find(({ guest }) => guest === keyOf(name));
      return entry ? [[name, entry.windows.map(({ endNs, startNs }) => Number(endNs - startNs) / MS)]] : [];
    });
  };

  it('lets governed guests run in their windows, and those without one not at all', async () => {
    const one = cycled(duty(onEach('a'), 200 * MS, 1000 * MS), duty(onEach('b'), 0, 1000 * MS));
    expect(await entriesOf(one, ['a', 'b', 'foreign'])).to.deep.equal([
      ['a', [200]],
      ['b', []],
    ]);
  });

  it('lets all guests of no class run in the one gang that the plan has for them', async () => {
    const one = cycled(duty({ class: 'others', subject: 'others', scope: 'each' }, 100 * MS, 1000 * MS));
    expect(await entriesOf(one, ['a', 'x', 'y'])).to.deep.equal([
      ['x', [100]],
      ['y', [100]],
    ]);
  });

  it('leaves a guest that its user stopped out, and one that we hold in', async () => {
    const one = cycled(duty(onEach('a'), 0, 1000 * MS), duty(onEach('b'), 0, 1000 * MS));
    const entries = await entriesOf(one, ['a', 'b'], (host) => {
      const [a, b] = host.guests;
      if (!a || !b) throw new Error('two guests');
      host.userStops(a.key);
      b.signal(true);
      b.heldByUs = true;
    });
    // The keeper has no timetable yet, so that observing lets b run again: what counts is what was observed.
    expect(entries).to.deep.equal([['b', []]]);
  });

  it('freezes guests in a terminal, and those of a policy that says so; all others are stopped by signals', async () => {
    const frozen = { ...duty(onEach('b'), 500 * MS, 1000 * MS), mechanism: 'freezer' } as Setting;
    const others = duty({ class: 'others', subject: 'others', scope: 'each' }, 0, 1000 * MS);
    const one = cycled(duty(onEach('a'), 0, 1000 * MS), frozen, others);
    const { desired, keyOf } = await decided(one, [
      { name: 'a', hasTerminal: true },
      { name: 'b' },
      { name: 'c' },
    ]);
    expect(desired.timetable?.entries.map(({ guest, by }) => [guest, by])).to.deep.equal([
      [keyOf('a'), 'freezer'],
      [keyOf('b'), 'freezer'],
      [keyOf('c'), undefined],
    ]);
    expect(desired.findings).to.deep.equal([]);
  });

  it('stops no guest that runs in a terminal on a host without a freezer, and says so', async () => {
    const one = cycled(duty(onEach('a'), 0, 1000 * MS), duty(onEach('b'), 0, 1000 * MS));
    const host = { ...one.host, cgroup: { ...one.host.cgroup, freezer: false } };
    const { desired, keyOf } = await decided({ ...one, host }, [
      { name: 'a', hasTerminal: true },
      { name: 'b' },
    ]);
    expect(desired.timetable?.entries.map(({ guest }) => guest)).to.deep.equal([keyOf('b')]);
    expect(desired.findings).to.have.length(1);
    expect(desired.findings[0]).to.include({ code: 'guest-with-terminal', subject: keyOf('a') });
  });

  it('stops no guest that is beyond its user’s signals, and says so', async () => {
    const { desired, keyOf } = await decided(
      cycled(duty(onEach('a'), 0, 1000 * MS), duty(onEach('b'), 0, 1000 * MS)),
      [{ name: 'a', unstoppable: true, user: 'bob' }, { name: 'b' }],
    );
    expect(desired.timetable?.entries.map(({ guest }) => guest)).to.deep.equal([keyOf('b')]);
    expect(desired.findings).to.have.length(1);
    expect(desired.findings[0]).to.include({ code: 'guest-of-another-user', subject: keyOf('a') });
    expect(desired.findings[0]?.message).to.contain('bob').and.contain('CAP_KILL');
  });

  it('has none where nobody is on a duty cycle', async () => {
    expect((await decided(cycled(), [{ name: 'a' }])).desired.timetable).to.equal(null);
  });
});

describe('The strictest schedule', () => {
  it('has every restriction at its strictest, whoever is throttled paused, and no promise', () => {
    const one = plan({
      schedules: [
        schedule('s0', {
          settings: [quota(onSum('a'), 1), duty(onEach('b'), 500, 1000)],
          timetable: timetable(1000, { b: 500 }),
        }),
        schedule('s1', { settings: [quota(onSum('a'), 0.5), share(onSum('a'), 200)] }),
        schedule('s2', {
          settings: [share(onSum('a'), 100), reservation('c', 1, 2)],
          servers: [server('c', 'vcpu 0', 0, 1, 2)],
        }),
      ],
    });
    const strictest = strictestSchedule(one);
    expect(strictest.servers).to.deep.equal([]);
    expect(strictest.timetable).to.equal(null);
    expect(strictest.settings).to.have.deep.members([
      quota(onSum('a'), 0.5),
      share(onSum('a'), 100),
      duty(onEach('b'), 0, 1000),
    ]);
    expect(strictestSchedule(demoPlan()).settings.map(({ mechanism }) => mechanism)).not.to.include(
      'reservation',
    );
  });
});
