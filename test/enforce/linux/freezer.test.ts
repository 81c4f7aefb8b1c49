import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { StartedGuest } from '../../../guests/start-guest.js';
import type { DutyEntry } from '../../../src/enforce/host.js';
import { linuxHostFacts } from '../../../src/enforce/linux/host-facts.js';
import { findCgroupMounts } from '../../../src/enforce/linux/mounts.js';
import { until } from '../../support/guests/until.js';
import { skipBecause } from '../../support/skip-because.js';
import { elapse, isFrozen, leftGroups, RealHost, requireReservations, stateOf } from './real-host.js';

const MS = 1_000_000n;

describe('duty cycles by the freezer', () => {
  let real: RealHost;
  let guest: StartedGuest;

  beforeEach(async function () {
    requireReservations(this);
    if (!linuxHostFacts().cgroup.freezer) skipBecause(this, 'needs a freezer that may be written');
    real = new RealHost();
    guest = await real.guest({ name: 'lent', terminal: 'job' });
    await real.host.start();
  });

  afterEach(() => real?.close());

  async function cycle(
    runMs: bigint,
    periodMs: bigint,
    by: DutyEntry['by'] = 'freezer',
    name = 'lent',
  ): Promise<void> {
    const { key } = (await real.observe(name)).guest.guest;
    const windows = runMs === 0n ? [] : [{ startNs: 0n, endNs: runMs * MS }];
    const entries = [{ guest: key, windows, by }];
    await real.act({ kind: 'set-timetable', timetable: { hyperperiodNs: periodMs * MS, entries } });
  }

  const release = (): Promise<void> =>
    real.act({ kind: 'set-timetable', timetable: { hyperperiodNs: 1000n * MS, entries: [] } });

  it('run a job of a shell in its windows only, and the shell takes it neither for stopped nor for ended', async () => {
    await cycle(50n, 250n);
    await elapse(500);
    expect(await real.rate('lent', 3000, ({ cpuNs }) => cpuNs), 'cores').to.be.within(0.01, 0.25);
    await release();
    expect(isFrozen(guest.pid)).to.equal(false);
    const before = await guest.progress();
    await until(async () => (await guest.progress()).units > before.units);
  });

  it('read back what is frozen, freeze again what somebody thawed, and give the guest’s group back', async () => {
    const { pid } = await real.guest({ name: 'alone' }); // no shell would hear of its being stopped by a signal
    const groups = () => readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    const home = groups();
    await cycle(0n, 1000n, 'freezer', 'alone');
    await until(() => isFrozen(pid));
    expect((await real.observe('alone')).guest).to.include({ heldByUs: true });
    const state = join('/sys/fs/cgroup/freezer', /:freezer:(.*)/.exec(groups())?.[1] ?? '', 'freezer.state');
    writeFileSync(state, 'THAWED');
    await until(() => readFileSync(state, 'utf8') === 'FROZEN\n');
    await cycle(0n, 1000n, 'signal', 'alone');
    await until(() => !isFrozen(pid) && stateOf(pid) === 'T');
    await cycle(0n, 1000n, 'freezer', 'alone');
    await until(() => isFrozen(pid));
    await release();
    expect(groups()).to.equal(home);
    await until(async () => {
      await release(); // with the next change, if it was busy
      return !existsSync(state);
    });
  });

  it('let a guest end that its user kills while it is frozen', async () => {
    await cycle(0n, 1000n);
    await until(() => isFrozen(guest.pid));
    process.kill(guest.pid, 'SIGKILL');
    await until(() => stateOf(guest.pid) === undefined || stateOf(guest.pid) === 'Z', 2000);
  });

  it('leave a guest alone that its user froze', async () => {
    const mounts = findCgroupMounts();
    if (mounts.version !== 1 || mounts.freezer === null) throw new Error('no v1 freezer');
    const theirs = join(mounts.freezer, `vmc-test-user-${process.pid}`);
    mkdirSync(theirs);
    try {
      writeFileSync(join(theirs, 'cgroup.procs'), `${guest.pid}`);
      writeFileSync(join(theirs, 'freezer.state'), 'FROZEN');
      await until(() => isFrozen(guest.pid));
      const { guest: seen } = await real.observe('lent');
      expect(seen.guest.stopped).to.equal(true);
      expect(seen.heldByUs).to.equal(false);
      writeFileSync(join(theirs, 'freezer.state'), 'THAWED');
      await until(async () => !(await real.observe('lent')).guest.guest.stopped);
    } finally {
      await guest.stop();
      rmdirSync(theirs);
    }
  });

  it('leave no group behind', async () => {
    await cycle(10n, 100n);
    await until(() => isFrozen(guest.pid));
    await real.host.stop();
    expect(isFrozen(guest.pid)).to.equal(false);
    expect(leftGroups(real.sliceName)).to.deep.equal([]);
  });
});
