import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type StartedGuest, startGuest } from '../../../guests/start-guest.js';
import { threadsOf } from '../../../src/enforce/linux/affinity.js';
import { freeDeadlineBandwidth } from '../../../src/enforce/linux/host-facts.js';
import {
  deadlineAttributes,
  readSchedAttributes,
  SCHED_DEADLINE,
  writeSchedAttributes,
} from '../../../src/enforce/linux/sched-attributes.js';
import { until } from '../../support/guests/until.js';
import {
  cgroupLines,
  elapse,
  isFrozen,
  leftGroups,
  requireReservations,
  stateOf,
  untilBandwidthIs,
} from './real-host.js';

const PROGRAM = fileURLToPath(new URL('./governing-process.mts', import.meta.url));
/** What the guardian promises: no guest stopped after 1 s, everything as it was after 3 s. */
const RUNNING_AGAIN_MS = 1000;
const AS_IT_WAS_MS = 3000;

describe('the guardian', () => {
  const sliceName = `vmc-guardian-${process.pid}.slice`;
  let guests: StartedGuest[] = [];
  let daemon: ChildProcess | undefined;
  let stateDirectory = '';
  let output = '';
  let free = 0;
  let before: string[] = [];

  beforeEach(async function () {
    requireReservations(this);
    free = await freeDeadlineBandwidth();
    stateDirectory = mkdtempSync(join(tmpdir(), 'vmc-state-'));
    guests = [await startGuest({ name: 'reserved' }), await startGuest({ name: 'cycled' })];
    before = guests.map((guest) => cgroupLines(guest.pid));
    output = '';
  });

  afterEach(async () => {
    if (daemon && daemon.exitCode === null && daemon.signalCode === null) {
      daemon.kill('SIGKILL');
      await once(daemon, 'exit');
    }
    daemon = undefined;
    // What the guardian has to do it finds in that directory.
    await until(() => !existsSync(join(stateDirectory, 'journal')));
    await Promise.all(guests.map((guest) => guest.stop()));
    if (stateDirectory !== '') rmSync(stateDirectory, { recursive: true, force: true });
  });

  async function startDaemon(): Promise<ChildProcess> {
    const pids = guests.map((guest) => `${guest.pid}`);
    const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, stateDirectory, sliceName, ...pids]);
    daemon = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await until(() => output.includes('governing'));
    return child;
  }

  const stopped = (): string[] =>
    guests
      .filter((guest) => stateOf(guest.pid) === 'T' || isFrozen(guest.pid))
      .map((guest) => guest.name ?? '');

  const reservations = (): number[] =>
    guests
      .flatMap((guest) => threadsOf(guest.pid))
      .filter((tid) => {
        const attributes = readSchedAttributes(tid);
        return typeof attributes !== 'number' && attributes.policy === SCHED_DEADLINE;
      });

  async function expectEverythingAsItWas(): Promise<void> {
    await until(() => stopped().length === 0, RUNNING_AGAIN_MS);
    const deadline = AS_IT_WAS_MS - RUNNING_AGAIN_MS;
    await until(() => reservations().length === 0, deadline);
    await until(() => leftGroups(sliceName).length === 0, deadline);
    expect(guests.map((guest) => cgroupLines(guest.pid))).to.deep.equal(before);
    await until(() => !existsSync(join(stateDirectory, 'journal')), deadline);
    await untilBandwidthIs(free);
    expect(stopped()).to.deep.equal([]);
  }

  for (let round = 0; round < 6; round++) {
    it(`gives everything back after the daemon is killed (instant ${round + 1} of 6)`, async () => {
      const child = await startDaemon();
      await elapse(Math.random() * 120); // any instant of the duty cycle and of the reservation
      child.kill('SIGKILL');
      await expectEverythingAsItWas();
    });
  }

  it('is in time for a daemon that hangs while others hold all deadline bandwidth', async () => {
    const child = await startDaemon();
    const sleepers = await takeBandwidth();
    child.kill('SIGSTOP');
    await until(() => stopped().length === 0 && reservations().length === 0, AS_IT_WAS_MS);
    await until(() => leftGroups(sliceName).length === 0, AS_IT_WAS_MS);
    for (const sleeper of sleepers) sleeper.kill('SIGKILL');
    child.kill('SIGKILL');
    await expectEverythingAsItWas();
  });

  it('gives everything back when the daemon is killed before it has finished taking', async () => {
    const child = await startDaemon();
    // The next round of taking starts within a second; no instant of it is safe from this.
    await elapse(900 + Math.random() * 200);
    child.kill('SIGKILL');
    await expectEverythingAsItWas();
  });

  for (let round = 0; round < 3; round++) {
    it(`thaws a guest in a terminal after the daemon is killed (instant ${round + 1} of 3)`, async () => {
      await guests.pop()?.stop();
      guests.push(await startGuest({ name: 'cycled', terminal: 'job' }));
      before = guests.map((guest) => cgroupLines(guest.pid));
      const child = await startDaemon();
      if (round === 0) await until(() => stopped().length === 1);
      else await elapse(Math.random() * 120);
      child.kill('SIGKILL');
      await expectEverythingAsItWas();
    });
  }

  it('lets all guests run while the daemon hangs, and the daemon governs again when it goes on', async () => {
    const child = await startDaemon();
    child.kill('SIGSTOP');
    await until(() => stopped().length === 0 && reservations().length === 0, AS_IT_WAS_MS);
    await elapse(300);
    expect(stopped()).to.deep.equal([]);
    output = '';
    child.kill('SIGCONT');
    await until(() => output.includes('governing'));
    await until(() => reservations().length === 2);
    child.kill('SIGKILL');
    await expectEverythingAsItWas();
  });

  for (const [what, signal] of [
    ['dies', 'SIGKILL'],
    ['is stopped, and guards nothing any more', 'SIGSTOP'],
  ] as const) {
    it(`is replaced when it ${what}, and the new one does its work`, async () => {
      const child = await startDaemon();
      const guardian = await until(() => childrenOf(child.pid ?? 0).find((pid) => commOf(pid) === 'perl'));
      process.kill(guardian, signal);
      const next = await until(() =>
        childrenOf(child.pid ?? 0).find((pid) => pid !== guardian && commOf(pid) === 'perl'),
      );
      expect(next).not.to.equal(guardian);
      child.kill('SIGKILL');
      await expectEverythingAsItWas();
    });
  }

  it('gives everything back when the daemon ends in good order', async () => {
    const child = await startDaemon();
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(child.exitCode).to.equal(0);
    await expectEverythingAsItWas();
  });

  it('is not needed for what a daemon left: the next one gives it back before it takes anything', async () => {
    const child = await startDaemon();
    const guardian = await until(() => childrenOf(child.pid ?? 0).find((pid) => commOf(pid) === 'perl'));
    child.kill('SIGSTOP'); // so that it starts no other guardian
    process.kill(guardian, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(reservations()).to.have.length(2);
    output = '';
    const second = await startDaemon();
    second.kill('SIGTERM');
    await once(second, 'exit');
    await expectEverythingAsItWas();
  });

  it('takes at most 8 MiB', async () => {
    const child = await startDaemon();
    const guardian = await until(() => childrenOf(child.pid ?? 0).find((pid) => commOf(pid) === 'perl'));
    const status = readFileSync(`/proc/${guardian}/status`, 'utf8');
    expect(Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1])).to.be.within(1, 8 * 1024);
  });
});

/** Sleepers, each with a reservation, until the kernel admits none that is worth it. They give it back by ending. */
async function takeBandwidth(): Promise<readonly ChildProcess[]> {
  const sleepers: ChildProcess[] = [];
  for (const budgetNs of [900, 500, 200, 100, 50, 20, 10, 5, 2, 1].map((part) => BigInt(part) * 10_000n)) {
    for (;;) {
      const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
      sleepers.push(sleeper);
      await once(sleeper, 'spawn');
      if (writeSchedAttributes(sleeper.pid ?? 0, deadlineAttributes(budgetNs, 10_000_000n)) < 0) break;
    }
  }
  return sleepers;
}

function childrenOf(pid: number): readonly number[] {
  return threadsOf(pid)
    .map((tid) => readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8'))
    .flatMap((text) => text.split(' ').filter(Boolean).map(Number));
}

function commOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
