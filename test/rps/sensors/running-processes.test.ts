import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { RunningProcesses } from '../../../src/rps/sensors/running-processes.js';
import { FakeProc } from '../support/fake-proc.js';
import { ManualClock } from '../support/manual-clock.js';

describe('running processes', () => {
  const proc = new FakeProc();
  after(() => proc.remove('.'));

  it('are found by name, in which a glob may stand, but for those left out', () => {
    proc.write('10/comm', 'blender\n');
    proc.write('11/comm', 'qemu-system-x86\n');
    proc.write('11/cmdline', '/usr/bin/qemu-system-x86_64\0-m\x156\0');
    proc.write('self/comm', 'node\n');
    const processes = new RunningProcesses({ procRoot: proc.root });
    expect(processes.isRunning('blender')).to.equal(true);
    expect(processes.isRunning('blend*')).to.equal(true);
    expect(processes.isRunning('blend')).to.equal(false);
    expect(processes.isRunning('node')).to.equal(false);
    expect(processes.isRunning('blender', new Set([10]))).to.equal(false);
    // The kernel's name for it is cut off.
    expect(processes.isRunning('qemu-system-x86_64')).to.equal(true);
    expect(processes.isRunning('qemu-system-x86')).to.equal(false);
  });

  it('are looked for again when the last look is old', () => {
    const clock = new ManualClock();
    const processes = new RunningProcesses({ procRoot: proc.root, clock });
    expect(processes.isRunning('later')).to.equal(false);
    proc.write('12/comm', 'later\n');
    expect(processes.isRunning('later')).to.equal(false);
    clock.advance(1e9);
    expect(processes.isRunning('later')).to.equal(true);
  });

  it('are those of this host', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(child, 'spawn');
    try {
      expect(new RunningProcesses().isRunning('sleep')).to.equal(true);
      expect(new RunningProcesses().isRunning('no such process')).to.equal(false);
    } finally {
      child.kill();
    }
  });
});
