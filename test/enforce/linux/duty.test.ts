import { expect } from 'chai';
import { until } from '../../support/guests/until.js';
import { elapse, RealHost, requireReservations, stateOf } from './real-host.js';

const MS = 1_000_000n;
const HEARTBEAT_MS = 200;

describe('duty cycles by signals', () => {
  let real: RealHost;

  beforeEach(function () {
    requireReservations(this);
    real = new RealHost();
  });

  afterEach(() => real?.close());

  async function cycle(name: string, runMs: bigint, periodMs: bigint): Promise<void> {
    const { guest } = await real.observe(name);
    const windows = runMs === 0n ? [] : [{ startNs: 0n, endNs: runMs * MS }];
    const entries = [{ guest: guest.guest.key, windows }];
    await real.act({ kind: 'set-timetable', timetable: { hyperperiodNs: periodMs * MS, entries } });
  }

  const noTimetable = {
    kind: 'set-timetable',
    timetable: { hyperperiodNs: 1000n * MS, entries: [] },
  } as const;

  it('lets a guest run within a point of its allowed time beside twice as many hogs as cores', async () => {
    await real.guest({ name: 'lent' });
    await real.host.start();
    real.overload();
    await cycle('lent', 100n, 500n);
    await elapse(500);
    expect(await real.rate('lent', 5000, (guest) => guest.allowedNs)).to.be.closeTo(0.2, 0.01);
  });

  it('gives a guest no CPU outside its windows', async () => {
    await real.guest({ name: 'lent' });
    await real.host.start();
    await cycle('lent', 50n, 500n);
    await elapse(500);
    expect(await real.rate('lent', 4000, (guest) => guest.cpuNs)).to.be.below(0.115);
  });

  it('keeps a paused guest stopped, and lets it run when it leaves the timetable', async () => {
    const started = await real.guest({ name: 'lent' });
    await real.host.start();
    await cycle('lent', 0n, 1000n);
    await until(() => stateOf(started.pid) === 'T');
    await elapse(1500);
    expect(stateOf(started.pid)).to.equal('T');
    expect((await real.observe('lent')).guest.heldByUs).to.equal(true);
    await real.act(noTimetable);
    expect(stateOf(started.pid)).not.to.equal('T');
  });

  it('stops a guest again that somebody continued', async () => {
    const started = await real.guest({ name: 'lent' });
    await real.host.start();
    await cycle('lent', 0n, 1000n);
    await until(() => stateOf(started.pid) === 'T');
    process.kill(started.pid, 'SIGCONT');
    await until(() => stateOf(started.pid) !== 'T').catch(() => {}); // perhaps too short to be seen
    await until(() => stateOf(started.pid) === 'T');
  });

  it('wakes no guest that its user had stopped: not in a window, not when it leaves, not at the end', async () => {
    const started = await real.guest({ name: 'lent' });
    await real.host.start();
    process.kill(started.pid, 'SIGSTOP');
    await until(() => stateOf(started.pid) === 'T');
    await cycle('lent', 50n, 100n);
    await elapse(600);
    expect(stateOf(started.pid)).to.equal('T');
    await real.act(noTimetable);
    expect(stateOf(started.pid)).to.equal('T');
    await cycle('lent', 50n, 100n);
    await real.host.stop();
    expect(stateOf(started.pid)).to.equal('T');
    process.kill(started.pid, 'SIGCONT');
  });

  it('governs a guest again once its user lets it go on', async () => {
    const started = await real.guest({ name: 'lent' });
    await real.host.start();
    process.kill(started.pid, 'SIGSTOP');
    await until(() => stateOf(started.pid) === 'T');
    await cycle('lent', 0n, 100n);
    await elapse(300);
    expect((await real.observe('lent')).guest.heldByUs).to.equal(false);
    process.kill(started.pid, 'SIGCONT');
    await until(async () => (await real.observe('lent')).guest.heldByUs);
  });

  it('has a timetable in force at once though its thread, with nobody to steer, wakes up only for its heartbeats', async () => {
    await real.guest({ name: 'lent' });
    await real.host.start();
    const tries = 10;
    const beginMs = performance.now();
    for (let i = 0; i < tries; i++) {
      await cycle('lent', 10n, 20n);
      await real.act(noTimetable);
    }
    // Each is told to a thread that rests.
    expect(performance.now() - beginMs).to.be.below((tries * HEARTBEAT_MS) / 2);
  });

  it('times the guests from a thread that holds a reservation of its own', async () => {
    await real.guest({ name: 'lent' });
    await real.host.start();
    await cycle('lent', 10n, 20n);
    await until(() => real.host.lateness().count > 50);
    expect(real.host.lateness().scheduling).to.equal('deadline');
  });
});
