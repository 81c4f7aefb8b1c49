import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { freeDeadlineBandwidth } from '../../../src/enforce/linux/host-facts.js';
import {
  readSchedAttributes,
  SCHED_DEADLINE,
  SCHED_NORMAL,
} from '../../../src/enforce/linux/sched-attributes.js';
import { errnoName } from '../../../src/enforce/linux/syscalls.js';
import { readTaskStat } from '../../../src/enforce/linux/task-stat.js';
import {
  elapse,
  leftGroups,
  linuxCores,
  RealHost,
  requireReservations,
  untilBandwidthIs,
  vcpuCpu,
} from './real-host.js';

const MS = 1_000_000n;
/** What the timing thread holds without a timetable, in millionths of a core. */
const OWN_SERVERS = 12_000;

describe('reservations on the kernel', () => {
  let real: RealHost;
  let free: number;

  beforeEach(async function () {
    requireReservations(this);
    free = await freeDeadlineBandwidth();
    real = new RealHost();
  });

  afterEach(async () => {
    await real?.close();
    if (real) await untilBandwidthIs(free);
  });

  async function reserve(name: string, budgetMs: bigint, core: number | null): Promise<number> {
    const { guest } = await real.observe(name);
    const tid = guest.guest.vcpus[0]?.tid ?? 0;
    const budgetNs = budgetMs * MS;
    await real.act({ kind: 'reserve', guest: guest.guest.key, tid, budgetNs, periodNs: 100n * MS, core });
    return tid;
  }

  async function unreserve(name: string, tid: number): Promise<void> {
    const { guest } = await real.observe(name);
    await real.act({ kind: 'unreserve', guest: guest.guest.key, tid });
  }

  it('delivers 20 ms every 100 ms within 2% beside twice as many hogs as cores', async () => {
    await real.guest({ name: 'rt' });
    await real.host.start();
    real.overload();
    await reserve('rt', 20n, 0);
    await elapse(500);
    expect(await real.rate('rt', 6000, vcpuCpu)).to.be.closeTo(0.2, 0.004);
  });

  it('confines the thread to its core, and reads back what the kernel holds', async () => {
    await real.guest({ name: 'rt' });
    await real.host.start();
    const tid = await reserve('rt', 20n, 1);
    const { guest } = await real.observe('rt');
    expect(guest.servers.get(tid)).to.deep.equal({ budgetNs: 20n * MS, periodNs: 100n * MS, core: 1 });
    expect(readTaskStat(tid)?.core).to.equal(1);
    expect(readSchedAttributes(tid)).to.include({ policy: SCHED_DEADLINE, resetOnFork: true });
  });

  it('changes budget and core of a running reservation', async () => {
    await real.guest({ name: 'rt' });
    await real.host.start();
    await reserve('rt', 20n, 0);
    const tid = await reserve('rt', 40n, 1);
    expect((await real.observe('rt')).guest.servers.get(tid)).to.include({ budgetNs: 40n * MS, core: 1 });
    expect(await real.rate('rt', 3000, vcpuCpu)).to.be.closeTo(0.4, 0.02);
  });

  it('leaks no bandwidth, and lets the thread hold a reservation again, at whatever instant it leaves', async () => {
    await real.guest({ name: 'rt' });
    await real.host.start();
    for (let round = 0; round < 12; round++) {
      const tid = await reserve('rt', 20n, round % 2);
      await elapse(20 + ((round * 37) % 100)); // anywhere between throttled and running
      await unreserve('rt', tid);
      expect(readSchedAttributes(tid)).to.include({ policy: SCHED_NORMAL });
    }
    await reserve('rt', 20n, 0);
    expect(await real.rate('rt', 2000, vcpuCpu)).to.be.closeTo(0.2, 0.02);
    await unreserve('rt', (await real.observe('rt')).guest.guest.vcpus[0]?.tid ?? 0);
    await untilBandwidthIs(free - OWN_SERVERS); // the timing thread's own server remains
  });

  it('says what bandwidth was free before any guest held any, without what the daemon needs itself', async () => {
    await real.host.start();
    const { deadlineLimit } = await real.host.facts();
    expect(deadlineLimit * linuxCores()).to.be.closeTo((free - OWN_SERVERS) / 1e6, 0.002);
  });

  it('takes a reservation from a guest that its user has stopped, without waking it', async () => {
    const started = await real.guest({ name: 'rt' });
    await real.host.start();
    const tid = await reserve('rt', 20n, 0);
    process.kill(started.pid, 'SIGSTOP');
    await unreserve('rt', tid);
    expect(readTaskStat(started.pid)?.state).to.equal('T');
    process.kill(started.pid, 'SIGCONT');
  });

  it('widens the affinity of a pinned guest for its reservation, and narrows it again', async () => {
    const started = await real.guest({ name: 'rt', taskset: [1] });
    await real.host.start();
    const tid = await reserve('rt', 20n, 0);
    expect(readTaskStat(tid)?.core).to.equal(0);
    await unreserve('rt', tid);
    await real.host.stop();
    expect(allowedCores(started.pid, tid)).to.equal('1');
  });

  it('answers EBUSY, to be tried again, when the bandwidth is not there', async () => {
    await real.guest({ name: 'one' });
    await real.guest({ name: 'two' });
    await real.guest({ name: 'three' });
    await real.host.start();
    await reserve('one', 85n, 0);
    await reserve('two', 80n, 1);
    const { guest } = await real.observe('three');
    const tid = guest.guest.vcpus[0]?.tid ?? 0;
    const action = {
      kind: 'reserve',
      guest: guest.guest.key,
      tid,
      budgetNs: 40n * MS,
      periodNs: 100n * MS,
    } as const;
    expect(await real.host.act({ ...action, core: 0 })).to.include({ ok: false, code: 'EBUSY', retry: true });
    expect(readSchedAttributes(tid)).to.include({ policy: SCHED_NORMAL });
  });

  it('gives back classes, groups and bandwidth when the host is stopped', async () => {
    const started = await real.guest({ name: 'rt' });
    await real.host.start();
    const tid = await reserve('rt', 20n, 0);
    await real.host.stop();
    expect(readSchedAttributes(tid)).to.include({ policy: SCHED_NORMAL });
    expect(leftGroups(real.sliceName)).to.deep.equal([]);
    expect(readTaskStat(started.pid)?.state).not.to.equal('T');
    expect(real.events).to.deep.equal([]);
  });

  it('answers an ended guest with GONE', async () => {
    const started = await real.guest({ name: 'rt' });
    await real.host.start();
    const { guest } = await real.observe('rt');
    await started.stop();
    const tid = guest.guest.vcpus[0]?.tid ?? 0;
    const outcome = await real.host.act({
      kind: 'reserve',
      guest: guest.guest.key,
      tid,
      budgetNs: 20n * MS,
      periodNs: 100n * MS,
      core: 0,
    });
    expect(outcome).to.include({ ok: false, code: 'GONE' });
  });
});

describe('names of errors', () => {
  it('are those of errno(3)', () => {
    expect([-16, -1, -22].map(errnoName)).to.deep.equal(['EBUSY', 'EPERM', 'EINVAL']);
  });
});

function allowedCores(pid: number, tid: number): string {
  const status = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8');
  return /^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1] ?? '';
}
