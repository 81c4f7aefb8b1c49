import { expect } from 'chai';
import type { Plan } from '../../../src/compiler/plan.js';
import { classify, NO_ASSIGNMENT } from '../../../src/enforce/classify.js';
import { decide } from '../../../src/enforce/decide/decide.js';
import { pathKey } from '../../../src/enforce/group-path.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import type { GuestSpec } from '../../../src/enforce/simulated/simulated-guest.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import {
  FACTS,
  group,
  onEach,
  onSum,
  plan,
  quota,
  reservation,
  schedule,
  server,
  share,
} from '../support/plans.js';

const MS = 1e6;
const DOMAIN = 'machine-qemu\\x2d1\\x2db.scope';

/** Guests named in `shared` have other processes in their cgroup. */
async function decided(one: Plan, specs: readonly GuestSpec[], shared: readonly string[] = []) {
  const host = new SimulatedHost({ facts: one.host });
  await host.start();
  for (const spec of specs) host.boot(spec);
  const seen = await host.observe();
  const guests = seen.guests.map((observed) => ({
    ...observed,
    alone: !shared.includes(observed.guest.name ?? ''),
  }));
  const { classified } = classify(
    one,
    NO_ASSIGNMENT,
    guests.map(({ guest }) => guest),
  );
  const [first] = one.schedules;
  if (!first) throw new Error('a plan has a schedule');
  const desired = decide(indexPlan(one), first, classified, { ...seen, guests });
  const of = (name: string) => {
    const key = guests.find(({ guest }) => guest.name === name)?.guest.key ?? '';
    const wanted = desired.guests.get(key);
    return {
      isGathered: wanted?.group !== null && wanted !== undefined,
      own: wanted?.settings?.find(({ knob }) => knob === 'own-group') ?? null,
      cores: wanted?.servers.map(({ core }) => core) ?? [],
    };
  };
  return { desired, of, codes: desired.findings.map(({ code }) => code) };
}

const v2 = (gather: boolean): Plan['host'] => ({ ...FACTS, cgroup: { ...FACTS.cgroup, version: 2, gather } });

const lent = (
  parts: Partial<Plan> = {},
  settings = [share(onEach('b'), 50), quota(onEach('b'), 0.5)],
): Plan =>
  plan({
    host: v2(true),
    classes: [group('b', 8)],
    tree: [{ name: 'b', parent: null, subject: 'class' }],
    schedules: [schedule('s', { settings })],
    ...parts,
  });

describe('decide, on guests that stay where they were placed', () => {
  it('leaves the domains of libvirt and guests that have a unit to themselves there, and sets that', async () => {
    const { of, codes } = await decided(lent(), [
      { name: 'b-1', unit: DOMAIN, cgroup: `/machine.slice/${DOMAIN}/libvirt/emulator` },
      { name: 'b-2', unit: 'own.service', cgroup: '/mine.slice/own.service' },
      { name: 'b-3', unit: 'session-2.scope', cgroup: '/user.slice/user-1000.slice/session-2.scope' },
    ]);
    const own = { knob: 'own-group', weight: 50, quota: { quotaNs: 50_000_000n, periodNs: 100_000_000n } };
    expect(of('b-1')).to.deep.include({ isGathered: false, own });
    expect(of('b-2')).to.deep.include({ isGathered: false, own });
    expect(of('b-3')).to.deep.include({ isGathered: true, own: null });
    expect(codes).to.deep.equal(['weighed-elsewhere', 'weighed-elsewhere']);
  });

  it('gathers a guest whose unit holds other processes too, but never one of libvirt’s', async () => {
    const specs = [
      { name: 'b-1', unit: DOMAIN, cgroup: `/machine.slice/${DOMAIN}` },
      { name: 'b-2', unit: 'cron.service', cgroup: '/system.slice/cron.service' },
    ];
    const { of } = await decided(lent(), specs, ['b-1', 'b-2']);
    expect(of('b-1').isGathered).to.equal(false);
    expect(of('b-1').own).not.to.equal(null);
    expect(of('b-2')).to.deep.include({ isGathered: true, own: null });
  });

  it('divides a limit on a sum among all members, and leaves the group what is not for those outside', async () => {
    const one = lent({}, [quota(onSum('b'), 1.5), share(onSum('b'), 300)]);
    const { desired, of } = await decided(one, [
      { name: 'b-1', unit: 'own.service', cgroup: '/own.service' },
      { name: 'b-2' },
      { name: 'b-3' },
    ]);
    expect(of('b-1').own).to.deep.equal({
      knob: 'own-group',
      weight: 100,
      quota: { quotaNs: 50_000_000n, periodNs: 100_000_000n },
    });
    const inside = desired.groups.find(({ path }) => pathKey(path) === 'b');
    expect(inside?.quota).to.deep.equal({ quotaNs: 100_000_000n, periodNs: 100_000_000n });
  });

  it('lets their reservations run on any core where threads can be confined in groups of ours only', async () => {
    const reserved = (version: 1 | 2) =>
      plan({
        host: { ...FACTS, cgroup: { ...FACTS.cgroup, version } },
        classes: [group('b', 8)],
        tree: [{ name: 'b', parent: null, subject: 'class' }],
        schedules: [
          schedule('s', {
            settings: [reservation('b', 20 * MS, 100 * MS)],
            servers: [server('b', 'vcpu 0', 1, 20 * MS, 100 * MS)],
          }),
        ],
      });
    const specs = [{ name: 'b-1', unit: 'own.service', cgroup: '/own.service' }];
    const onV2 = await decided(reserved(2), specs);
    expect(onV2.of('b-1').cores).to.deep.equal([null]);
    expect(onV2.codes).to.deep.equal(['reserved-anywhere']);
    expect((await decided(reserved(1), specs)).of('b-1').cores).to.deep.equal([1]);
  });

  it('sets quotas of guests where nobody may gather any, and says so of those that share their cgroup', async () => {
    const one = lent({ host: v2(false) }, [quota(onEach('b'), 0.5)]);
    const { of, desired } = await decided(one, [{ name: 'b-1' }, { name: 'b-2' }], ['b-2']);
    expect(of('b-1')).to.deep.include({
      isGathered: false,
      own: { knob: 'own-group', weight: null, quota: { quotaNs: 50_000_000n, periodNs: 100_000_000n } },
    });
    expect(of('b-2').own).to.equal(null);
    expect(
      desired.findings.map(({ code, message }) => [code, message.includes('shares the cgroup')]),
    ).to.deep.equal([['shared-group', true]]);
  });
});
