import { expect } from 'chai';
import type { Action } from '../../../src/enforce/host.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { FACTS } from '../support/plans.js';

const S = 1e9;
const MS = 1_000_000n;

async function started(facts = FACTS) {
  const host = new SimulatedHost({ facts });
  await host.start();
  const act = async (...actions: Action[]) => {
    for (const action of actions) expect(await host.act(action)).to.deep.equal({ ok: true });
  };
  return { host, act };
}

/** Gold and silver with weights 3 : 1 under a quota of so many ms in 100. */
const twoGroups = (gold: string, silver: string, quotaMs: bigint): readonly Action[] => [
  { kind: 'create-group', path: [] },
  { kind: 'create-group', path: ['gold'] },
  { kind: 'create-group', path: ['silver'] },
  { kind: 'set-weight', path: ['gold'], weight: 3072 },
  { kind: 'set-quota', path: [], quota: { quotaNs: quotaMs * MS, periodNs: 100n * MS } },
  { kind: 'gather', guest: gold, path: ['gold'] },
  { kind: 'gather', guest: silver, path: ['silver'] },
];

describe('SimulatedHost', () => {
  it('shares 3 : 1 between two groups with those weights where they want the same core, and holds a quota', async () => {
    const { host, act } = await started({ ...FACTS, cores: 1 });
    const [gold, silver] = [host.boot({ name: 'gold' }), host.boot({ name: 'silver' })];
    await act(...twoGroups(gold, silver, 50n));
    host.advance(10 * S);
    const cpu = (key: string) => (host.guest(key).vcpus[0]?.cpuNs ?? 0) / S;
    expect(cpu(gold)).to.be.closeTo(3.75, 0.01);
    expect(cpu(silver)).to.be.closeTo(1.25, 0.01);
  });

  it('lets a quota be used up by whoever runs, whatever the weights: Linux 6.18 gives 0.53 and 0.47 there', async () => {
    const { host, act } = await started();
    const [gold, silver] = [host.boot({ name: 'gold' }), host.boot({ name: 'silver' })];
    await act(...twoGroups(gold, silver, 100n));
    host.advance(10 * S);
    const cpu = (key: string) => (host.guest(key).vcpus[0]?.cpuNs ?? 0) / S;
    expect(cpu(gold)).to.be.closeTo(5, 0.01);
    expect(cpu(silver)).to.be.closeTo(5, 0.01);
  });

  it('holds a group whose quota is used up until its period is over, and says how long that was', async () => {
    const { host, act } = await started();
    const key = host.boot({ name: 'gold' });
    await act(
      { kind: 'create-group', path: [] },
      { kind: 'gather', guest: key, path: [] },
      { kind: 'set-quota', path: [], quota: { quotaNs: 30n * MS, periodNs: 100n * MS } },
    );
    host.advance(1 * S);
    const { nowNs } = host.kernel;
    expect(host.guest(key).vcpus[0]?.cpuNs).to.be.closeTo(0.3 * S, 1);
    expect(host.groupAt([])?.throttled.at(nowNs)?.lengthNs).to.be.closeTo(70e6, 1);
    expect(host.guest(key).vcpus[0]?.starved.at(nowNs)?.lengthNs).to.be.closeTo(70e6, 1);
  });

  it('knows cores by their numbers, which need not be 0, 1, 2', async () => {
    const cores = [4, 6].map((id) => ({ id, sibling: id, capacity: 1024 }));
    const { host, act } = await started({ ...FACTS, cores });
    const key = host.boot({ name: 'video' });
    const { tid } = host.guest(key).main;
    const reserve = { kind: 'reserve' as const, guest: key, tid, budgetNs: 20n * MS, periodNs: 100n * MS };
    await act({ ...reserve, core: 6 });
    const [seen] = (await host.observe()).guests;
    expect(seen?.servers.get(tid)?.core).to.equal(6);
    expect(await host.act({ ...reserve, core: 1 })).to.include({ ok: false, code: 'EINVAL' });
  });

  it('gives every thread a number of its own, whenever the owner starts and ends work', async () => {
    const { host } = await started();
    host.boot({ name: 'a' });
    host.setOwner('busy');
    host.boot({ name: 'b', vcpus: ['busy'] });
    host.setOwner('busy', 'busy');
    host.advance(1 * S);
    // Four busy threads of equal weight on two cores.
    const used = host.guests.map(({ vcpus }) => (vcpus[0]?.cpuNs ?? 0) / S);
    expect(used[0]).to.be.closeTo(0.5, 1e-6);
    expect(used[1]).to.be.closeTo(0.5, 1e-6);
    expect(host.ownerCpuNs / S).to.be.closeTo(1, 1e-6);
  });

  it('refuses what cgroup v1 refuses: a child’s quota above its parent’s', async () => {
    const { host, act } = await started();
    await act(
      { kind: 'create-group', path: [] },
      { kind: 'create-group', path: ['a'] },
      { kind: 'set-quota', path: [], quota: { quotaNs: 50n * MS, periodNs: 100n * MS } },
    );
    const quota = { quotaNs: 80n * MS, periodNs: 100n * MS };
    expect(await host.act({ kind: 'set-quota', path: ['a'], quota })).to.include({
      ok: false,
      code: 'EINVAL',
    });
    const second = await started({ ...FACTS, cgroup: { ...FACTS.cgroup, version: 2 } });
    await second.act(
      { kind: 'create-group', path: [] },
      { kind: 'create-group', path: ['a'] },
      { kind: 'set-quota', path: [], quota: { quotaNs: 50n * MS, periodNs: 100n * MS } },
      { kind: 'set-quota', path: ['a'], quota },
    );
  });

  it('runs a guest in its windows only, and counts allowed and stopped time', async () => {
    const { host, act } = await started();
    const batch = host.boot({ name: 'batch' });
    const windows = [{ startNs: 0n, endNs: 200n * MS }];
    await act({
      kind: 'set-timetable',
      timetable: { hyperperiodNs: 1000n * MS, entries: [{ guest: batch, windows }] },
    });
    host.advance(10 * S);
    const [seen] = (await host.observe()).guests;
    expect(Number(seen?.allowedNs) / S).to.be.closeTo(2, 1e-6);
    expect(Number(seen?.stoppedNs) / S).to.be.closeTo(8, 1e-6);
    expect(Number(seen?.cpuNs) / S).to.be.closeTo(2, 1e-6);
    expect(seen?.heldByUs).to.equal(false);
    host.advance(0.5 * S);
    expect(host.guest(batch).heldByUs).to.equal(true);
  });

  it('stops again a guest that its user continued, and never wakes one that its user stopped', async () => {
    const { host, act } = await started();
    const [paused, stopped] = [host.boot({ name: 'paused' }), host.boot({ name: 'stopped' })];
    host.userStops(stopped);
    const entries = [paused, stopped].map((guest) => ({ guest, windows: [] }));
    await act({ kind: 'set-timetable', timetable: { hyperperiodNs: 1000n * MS, entries } });
    host.userContinues(paused);
    await host.observe();
    expect(host.guest(paused).heldByUs).to.equal(true);
    await host.stop();
    expect(host.guest(paused).stopped).to.equal(false);
    expect(host.guest(stopped).stopped).to.equal(true);
  });

  it('gives everything back when it stops: groups, servers, places, bandwidth', async () => {
    const { host, act } = await started();
    const key = host.boot({ name: 'video' });
    const { tid } = host.guest(key).main;
    await act(
      { kind: 'create-group', path: [] },
      { kind: 'create-group', path: ['video'] },
      { kind: 'gather', guest: key, path: ['video'] },
      { kind: 'reserve', guest: key, tid, budgetNs: 20n * MS, periodNs: 100n * MS, core: 1 },
    );
    await host.stop();
    await host.stop();
    host.advance(1 * S);
    expect(host.groupCount).to.equal(0);
    expect(host.guest(key).group).to.equal(null);
    expect(host.freeBandwidth).to.be.closeTo(1.9, 1e-6);
    expect(host.kernel.ledger.leaked).to.equal(0);
  });

  it('answers for what a host can do wrong with a refusal, and for guests that ended with GONE', async () => {
    const { host } = await started();
    const key = host.boot({ name: 'video' });
    const { tid } = host.guest(key).main;
    const reserve = { kind: 'reserve' as const, guest: key, tid, periodNs: 100n * MS, core: null };
    expect(await host.act({ ...reserve, budgetNs: 200n * MS })).to.include({ code: 'EINVAL', retry: false });
    expect(await host.act({ ...reserve, budgetNs: 1n })).to.include({ code: 'EINVAL' });
    expect(await host.act({ kind: 'gather', guest: key, path: ['nowhere'] })).to.include({ code: 'ENOENT' });
    host.end(key);
    expect(await host.act({ ...reserve, budgetNs: 20n * MS })).to.include({ code: 'GONE' });
    expect(await host.act({ kind: 'release', guest: key })).to.include({ code: 'GONE' });
  });

  it('simulates a minute of four guests and a busy owner in few enough events to be quick', async () => {
    const { host, act } = await started();
    const keys = ['a', 'b', 'c', 'd'].map((name) => host.boot({ name }));
    host.setOwner('busy', { computeNs: 5e6, blockNs: 20e6 });
    const threads = keys.slice(0, 2).map((key) => ({ guest: key, tid: host.guest(key).vcpus[0]?.tid ?? 0 }));
    for (const thread of threads) {
      await act({ kind: 'reserve', ...thread, budgetNs: 20n * MS, periodNs: 100n * MS, core: 0 });
    }
    const windows = [{ startNs: 0n, endNs: 200n * MS }];
    const timetable = { hyperperiodNs: 1000n * MS, entries: [{ guest: keys[2] ?? '', windows }] };
    await act({ kind: 'set-timetable', timetable });
    host.advance(60 * S);
    // Measured: some 10 us each.
    expect(host.kernel.eventCount).to.be.below(30_000);
  });
});
