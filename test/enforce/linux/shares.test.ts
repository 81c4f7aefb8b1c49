import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { type GroupPath, IDLE_WEIGHT } from '../../../src/enforce/host.js';
import { cgroupLines, elapse, find, leftGroups, RealHost, requireReservations } from './real-host.js';

const MS = 1_000_000n;

describe('shares and quotas on cgroup v1', () => {
  let real: RealHost;

  beforeEach(function () {
    requireReservations(this);
    real = new RealHost();
  });

  afterEach(() => real?.close());

  async function gather(name: string, path: GroupPath): Promise<void> {
    for (let depth = 1; depth <= path.length; depth++) {
      await real.act({ kind: 'create-group', path: path.slice(0, depth) });
    }
    const { guest } = await real.observe(name);
    await real.act({ kind: 'gather', guest: guest.guest.key, path });
  }

  it('divides one core 3 : 1 within 10% between two guests that are alone on it', async () => {
    await real.guest({ name: 'gold', taskset: [1] });
    await real.guest({ name: 'silver', taskset: [1] });
    await real.host.start();
    await gather('gold', ['gold']);
    await gather('silver', ['silver']);
    await real.act({ kind: 'set-weight', path: ['gold'], weight: 1536 });
    await real.act({ kind: 'set-weight', path: ['silver'], weight: 512 });
    const before = await real.host.observe();
    await elapse(5000);
    const after = await real.host.observe();
    const used = (name: string): number => {
      const cpu = (observation: typeof after) =>
        observation.guests.find(({ guest }) => guest.name === name)?.cpuNs ?? 0n;
      return Number(cpu(after) - cpu(before));
    };
    expect(used('gold') / used('silver')).to.be.closeTo(3, 0.3);
  });

  it('lets a guest that yields run on what another leaves of its core, and takes that back', async () => {
    for (const name of ['busy', 'idle']) await real.guest({ name, taskset: [1] });
    await real.host.start();
    for (const name of ['busy', 'idle']) await gather(name, [name]);
    const parts = async () => {
      const before = await real.host.observe();
      await elapse(3000);
      const after = await real.host.observe();
      const [busy = 0, idle = 0] = ['busy', 'idle'].map((name) =>
        Number(find(after, name).cpuNs - find(before, name).cpuNs),
      );
      return idle / busy;
    };
    const weight = async () =>
      (await real.host.observe()).groups.find(({ path }) => path.join('/') === 'idle')?.weight;
    await real.act({ kind: 'set-weight', path: ['idle'], weight: IDLE_WEIGHT });
    expect(await parts()).to.be.below(0.05);
    expect(await weight()).to.equal(IDLE_WEIGHT);
    await real.act({ kind: 'set-weight', path: ['idle'], weight: 1024 });
    expect(await parts()).to.be.closeTo(1, 0.15);
    expect(await weight()).to.equal(1024);
  });

  it('keeps a quota within 5% beside twice as many hogs as cores', async () => {
    await real.guest({ name: 'capped' });
    await real.host.start();
    real.overload();
    await gather('capped', ['capped']);
    await real.act({
      kind: 'set-quota',
      path: ['capped'],
      quota: { quotaNs: 25n * MS, periodNs: 100n * MS },
    });
    // Enough weight that the quota, not the hogs, is what holds it back.
    await real.act({ kind: 'set-weight', path: ['capped'], weight: 8192 });
    await real.act({ kind: 'set-weight', path: [], weight: 8192 });
    await elapse(300);
    expect(await real.rate('capped', 6000, (guest) => guest.cpuNs)).to.be.closeTo(0.25, 0.0125);
  });

  it('reads back what is in force, and takes a quota away', async () => {
    await real.guest({ name: 'capped' });
    await real.host.start();
    await gather('capped', ['my vm', 'capped']);
    const quota = { quotaNs: 25n * MS, periodNs: 100n * MS };
    await real.act({ kind: 'set-quota', path: ['my vm'], quota });
    await real.act({ kind: 'set-weight', path: ['my vm'], weight: 300 });
    const observation = await real.host.observe();
    expect(observation.groups).to.deep.include({ path: ['my vm'], weight: 300, quota });
    expect(observation.guests[0]?.group).to.deep.equal(['my vm', 'capped']);
    await real.act({ kind: 'set-quota', path: ['my vm'], quota: null });
    const then = await real.host.observe();
    expect(then.groups.find(({ path }) => path.join('/') === 'my vm')?.quota).to.equal(null);
  });

  it('puts guests back where they were and removes its groups', async () => {
    const started = await real.guest({ name: 'gold' });
    const before = cgroupLines(started.pid);
    await real.host.start();
    await gather('gold', ['pair', 'gold']);
    expect(cgroupLines(started.pid)).not.to.equal(before);
    await real.host.stop();
    expect(cgroupLines(started.pid)).to.equal(before);
    expect(leftGroups(real.sliceName)).to.deep.equal([]);
  });

  it('takes over what another daemon left in its groups, and gives that back too', async () => {
    const started = await real.guest({ name: 'gold' });
    const before = cgroupLines(started.pid);
    const left = `/sys/fs/cgroup/cpu/${real.sliceName}/vmc-old`;
    mkdirSync(left, { recursive: true });
    writeFileSync(`${left}/cgroup.procs`, `${started.pid}`);
    await real.host.start();
    await gather('gold', ['old']);
    await real.host.stop();
    expect(cgroupLines(started.pid)).to.equal(before);
    expect(leftGroups(real.sliceName)).to.deep.equal([]);
  });

  it('releases one guest and leaves the others governed', async () => {
    const gold = await real.guest({ name: 'gold' });
    await real.guest({ name: 'silver' });
    const before = cgroupLines(gold.pid);
    await real.host.start();
    await gather('gold', ['gold']);
    await gather('silver', ['silver']);
    await real.act({ kind: 'release', guest: (await real.observe('gold')).guest.guest.key });
    expect(cgroupLines(gold.pid)).to.equal(before);
    expect((await real.observe('silver')).guest.group).to.deep.equal(['silver']);
  });
});
