import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type StartedGuest, startGuest } from '../../../guests/start-guest.js';
import { signalBrake } from '../../../src/enforce/linux/brake.js';
import { pidfdOpen } from '../../../src/enforce/linux/syscalls.js';
import { GuestScanner } from '../../../src/qemu/guest-scanner.js';
import { until } from '../../support/guests/until.js';
import { elapse, requireReservations, stateOf } from './real-host.js';

describe('the brake by signals', () => {
  let guest: StartedGuest;
  let vcpu: number;
  let pidfd: number;
  let hog: ChildProcess | undefined;

  beforeEach(async function () {
    requireReservations(this);
    guest = await startGuest({ name: 'braked' });
    const found = await until(async () =>
      (await new GuestScanner().scan()).find(({ pid, vcpus }) => pid === guest.pid && vcpus.length > 0),
    );
    vcpu = found.vcpus[0]?.tid ?? 0;
    pidfd = pidfdOpen(guest.pid);
  });

  afterEach(async () => {
    hog?.kill('SIGKILL');
    if (pidfd > 0) closeSync(pidfd);
    await guest?.stop();
  });

  const vcpuNs = (): number =>
    Number(readFileSync(`/proc/${guest.pid}/task/${vcpu}/schedstat`, 'latin1').split(' ')[0]);

  /** QEMU's main loop gets a processor only when nobody else wants that one, and somebody does. */
  async function starveMainLoop(): Promise<void> {
    hog = spawn('taskset', ['-c', '0', 'setpriv', '--pdeathsig', 'KILL', '--', 'perl', '-e', '1 while 1']);
    execFileSync('taskset', ['-p', '1', `${guest.pid}`]);
    execFileSync('taskset', ['-p', '2', `${vcpu}`]);
    execFileSync('chrt', ['--idle', '--pid', '0', `${guest.pid}`]);
    await elapse(100);
  }

  it('stops virtual CPUs at once, though the main loop waits for a processor', async () => {
    await starveMainLoop();
    expect(signalBrake({ pid: guest.pid, pidfd, vcpus: [vcpu] }).stop()).to.equal(0);
    await elapse(5);
    const before = vcpuNs();
    await elapse(50);
    expect(vcpuNs()).to.equal(before);
  });

  it('lets all go on with one signal, however many stopped it', async () => {
    const brake = signalBrake({ pid: guest.pid, pidfd, vcpus: [vcpu] });
    for (let time = 0; time < 3; time++) brake.stop();
    await until(() => stateOf(guest.pid) === 'T');
    expect(brake.isOn()).to.equal(true);
    expect(brake.letGo()).to.equal(0);
    const before = vcpuNs();
    await until(() => stateOf(guest.pid) !== 'T' && vcpuNs() > before, 1000);
    await elapse(50);
    expect(stateOf(guest.pid)).not.to.equal('T');
  });

  it('stops the process where its virtual CPUs are not known, or are no more', async () => {
    for (const vcpus of [[], [process.pid]]) {
      const brake = signalBrake({ pid: guest.pid, pidfd, vcpus });
      expect(brake.stop()).to.equal(0);
      await until(() => stateOf(guest.pid) === 'T');
      brake.letGo();
      await until(() => stateOf(guest.pid) !== 'T');
    }
    expect(stateOf(process.pid)).not.to.equal('T');
  });
});
