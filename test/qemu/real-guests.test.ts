import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type StartedGuest, type StartGuestOptions, startGuest } from '../../guests/start-guest.js';
import {
  isSameProcess,
  isSameThread,
  readLiveThreadsCpuNs,
  readProcessCpuNs,
  readThreadCpuNs,
  readThreadWaitNs,
} from '../../src/qemu/cpu-time.js';
import type { Guest } from '../../src/qemu/guest.js';
import { openGuestMonitor, withGuestMonitor } from '../../src/qemu/guest-monitor.js';
import { GuestScanner, scanGuests } from '../../src/qemu/guest-scanner.js';
import { cont, queryName, stop } from '../../src/qemu/qmp/commands.js';
import { QmpError } from '../../src/qemu/qmp/qmp-error.js';
import { QmpSession } from '../../src/qemu/qmp/qmp-session.js';
import { contVm, powerDownVm, selectGuests, stopVm, vmInfo } from '../../src/qemu/vm.js';
import { requireQemu, requireRoot } from '../support/guests/require-qemu.js';
import { until } from '../support/guests/until.js';

const threadNamed = (pid: number, name: string) =>
  readdirSync(`/proc/${pid}/task`).find(
    (tid) => readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8') === `${name}\n`,
  );

describe('real QEMU guests', () => {
  const started: StartedGuest[] = [];
  const start = async (options: StartGuestOptions) => {
    const guest = await startGuest(options);
    started.push(guest);
    return guest;
  };
  const find = async ({ pid }: StartedGuest, scanner = new GuestScanner()): Promise<Guest> => {
    const guest = (await scanner.scan()).find((candidate) => candidate.pid === pid);
    if (!guest) throw new Error(`the scan has missed ${pid}`);
    return guest;
  };
  /**
   * One scanner's latest scan, once the monitors of these guests have answered: on a busy machine not in the
   * first.
   */
  const untilAnswered = (guests: readonly StartedGuest[]) => {
    const scanner = new GuestScanner();
    return until(async () => {
      const found = await scanner.scan();
      const sources = guests.map(({ pid }) => found.find((guest) => guest.pid === pid)?.vcpuSource);
      return sources.every((source) => source === 'qmp') && found;
    });
  };
  before(function () {
    requireQemu(this);
  });
  afterEach(() => Promise.all(started.splice(0).map((guest) => guest.stop())));

  it('are all found by one scan, each with what can be known of it', async () => {
    const plain = await start({
      name: 'plain, with a comma',
      extraArguments: ['-uuid', '00000000-0000-4000-8000-000000000001'],
    });
    const bare = await start({ name: null, qmp: false });
    const named = await start({ name: 'named', qmp: false, cpus: 2 });
    const unnamed = await start({ name: 'unnamed', debugThreads: false, cpus: 2 });
    const single = await start({ name: 'single', threads: 'single', cpus: 2 });
    const guests = await untilAnswered([plain, unnamed, single]);
    const of = ({ pid }: StartedGuest) => guests.find((guest) => guest.pid === pid);
    const tid = (guest: StartedGuest, name: string) => Number(threadNamed(guest.pid, name));

    expect(of(plain)).to.include({
      name: 'plain, with a comma',
      uuid: '00000000-0000-4000-8000-000000000001',
    });
    expect(of(plain)?.qmpSockets).to.deep.equal([plain.qmpPath]);
    expect(of(plain)?.vcpus.map((cpu) => cpu.tid)).to.deep.equal([tid(plain, 'CPU 0/TCG')]);
    expect(of(bare)).to.deep.include({ name: null, qmpSockets: [], vcpus: [], vcpuSource: 'none' });
    expect(of(named)?.vcpuSource).to.equal('thread-names');
    expect(of(named)?.vcpus.map((cpu) => cpu.tid)).to.deep.equal([
      tid(named, 'CPU 0/TCG'),
      tid(named, 'CPU 1/TCG'),
    ]);
    expect(of(unnamed)).to.include({ vcpuSource: 'qmp' });
    expect(of(unnamed)?.vcpus.map((cpu) => cpu.index)).to.deep.equal([0, 1]);
    expect(of(single)?.vcpus.map((cpu) => cpu.tid)).to.deep.equal([tid(single, 'ALL CPUs/TCG')]);
    for (const guest of started) {
      expect(of(guest)).to.include({ stopped: false, hasTerminal: false });
      expect(of(guest)?.vcpus.every((cpu) => isSameThread(guest.pid, cpu.tid, cpu.startTime))).to.equal(true);
    }
  });

  it('are told by thread names while another client has the monitor and keeps it', async () => {
    const guest = await start({ name: 'managed' });
    const manager = new QmpSession(guest.qmpPath ?? '');
    manager.start();
    await until(() => manager.connected);
    const scanner = new GuestScanner();
    for (let scan = 0; scan < 5; scan++)
      expect((await find(guest, scanner)).vcpuSource).to.equal('thread-names');
    expect(await manager.execute('query-name')).to.deep.equal({ name: 'managed' });
    expect(manager.connected).to.equal(true);
    manager.stop();
    // Our own attempts are still queued at the monitor for a moment, as connections that have ended.
    const found = await find(guest);
    await until(() => vmInfo(found).catch(() => null));
  });

  it('leave their monitor free between scans', async () => {
    const guest = await start({ name: 'free' });
    const [found] = (await untilAnswered([guest])).filter(({ pid }) => pid === guest.pid);
    if (!found) throw new Error('the scan has missed it');
    expect(await withGuestMonitor(found, ({ client }) => queryName(client))).to.equal('free');
  });

  it('are seen to be stopped, and go', async () => {
    const guest = await start({ name: 'stopped' });
    const scanner = new GuestScanner();
    process.kill(guest.pid, 'SIGSTOP');
    await until(async () => (await find(guest, scanner)).stopped);
    process.kill(guest.pid, 'SIGCONT');
    await until(async () => !(await find(guest, scanner)).stopped);
    const { startTime } = await find(guest, scanner);
    expect(isSameProcess(guest.pid, startTime)).to.equal(true);
    await guest.stop();
    expect((await scanner.scan()).map(({ pid }) => pid)).to.not.include(guest.pid);
    expect(isSameProcess(guest.pid, startTime)).to.equal(false);
  });

  it('show their user and their terminal', async function () {
    requireRoot(this, 'to start a guest as another user');
    expect(await find(await start({ name: 'theirs', user: 'nobody', terminal: true }))).to.include({
      user: 'nobody',
      hasTerminal: true,
    });
  });

  it('pause, go on and report through their monitors', async () => {
    const guest = await find(await start({ name: 'obedient', cpus: 2, threads: 'single' }));
    expect(await vmInfo(guest)).to.include({ status: 'running', running: true, cpus: 2 });
    await stopVm(guest);
    await stopVm(guest);
    expect(await vmInfo(guest)).to.include({ status: 'paused', running: false });
    await contVm(guest);
    expect((await vmInfo(guest)).version).to.match(/^\d+\.\d+\.\d+$/);
    await powerDownVm(guest);
  });

  it('send events to a session', async () => {
    const guest = await start({ name: 'talkative' });
    const events: string[] = [];
    const session = new QmpSession(guest.qmpPath ?? '', { onEvent: ({ event }) => events.push(event) });
    session.start();
    await until(() => session.connected);
    await session.execute('stop');
    await session.execute('cont');
    await until(() => events.includes('STOP') && events.includes('RESUME'));
    session.stop();
  });

  it('are not reached through the monitor of another guest', async () => {
    const [victim, other] = [await start({ name: 'victim' }), await start({ name: 'other', qmp: false })];
    const forged = { pid: other.pid, qmpSockets: [victim.qmpPath ?? ''] };
    const error = await openGuestMonitor(forged).catch((caught: QmpError) => caught);
    expect(error).to.be.instanceOf(QmpError).and.include({ code: 'protocol' });
    expect(await vmInfo(await find(victim))).to.include({ running: true });
  });

  it('are found by a single scan too', async () => {
    const guest = await start({ name: 'once' });
    expect((await scanGuests()).map(({ pid }) => pid)).to.include(guest.pid);
  });

  it('say that they have no monitor', async () => {
    const guest = await find(await start({ name: 'mute', qmp: false }));
    const error = await vmInfo(guest).catch((caught: QmpError) => caught);
    expect(error).to.be.instanceOf(QmpError).and.include({ code: 'unreachable' });
  });

  it('are selected by key, pid, uuid or name', async () => {
    const [first, second] = [
      await find(await start({ name: 'twin' })),
      await find(await start({ name: 'twin' })),
    ];
    const both = [first, second];
    expect(selectGuests(both, 'twin')).to.deep.equal(both);
    expect(selectGuests(both, `${second.pid}`)).to.deep.equal([second]);
    expect(selectGuests(both, first.key)).to.deep.equal([first]);
    expect(selectGuests(both, 'triplet')).to.deep.equal([]);
  });

  it('use CPU time that adds up, none of it while paused', async () => {
    const guest = await find(await start({ name: 'counted' }));
    const tid = guest.vcpus[0]?.tid ?? 0;
    await until(() => (readThreadCpuNs(guest.pid, tid) ?? 0n) > 200_000_000n);
    await withGuestMonitor(guest, ({ client }) => stop(client));
    const [vcpu, threads, whole] = [
      readThreadCpuNs(guest.pid, tid) ?? 0n,
      readLiveThreadsCpuNs(guest.pid) ?? 0n,
      readProcessCpuNs(guest.pid) ?? 0n,
    ];
    expect(threads >= vcpu).to.equal(true);
    // The kernel cuts user and system time to ticks separately.
    expect(Math.abs(Number(whole - threads)) / 1e6).to.be.below(40);
    expect(readThreadWaitNs(guest.pid, tid)).to.be.a('bigint');
    const sinceNs = (readThreadCpuNs(guest.pid, tid) ?? 0n) - vcpu;
    expect(Number(sinceNs), 'ns while paused').to.be.within(0, 2e6);
    await withGuestMonitor(guest, ({ client }) => cont(client));
    await until(() => (readThreadCpuNs(guest.pid, tid) ?? 0n) > vcpu + 50_000_000n);
  });

  it('have no CPU time once they are gone', async () => {
    const guest = await start({ name: 'gone' });
    const { pid } = guest;
    await guest.stop();
    expect([readThreadCpuNs(pid, pid), readProcessCpuNs(pid), readLiveThreadsCpuNs(pid)]).to.deep.equal([
      null,
      null,
      null,
    ]);
    expect(isSameThread(pid, pid, 1n)).to.equal(false);
  });
});
