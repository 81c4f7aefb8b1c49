import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { GuestScanner } from '../../src/qemu/guest-scanner.js';
import { QmpError } from '../../src/qemu/qmp/qmp-error.js';
import { FakeProc } from './fake-proc.js';

describe('GuestScanner, on a fabricated /proc', () => {
  let proc: FakeProc;
  let scanner: GuestScanner;
  beforeEach(() => {
    proc = new FakeProc();
    const passwdPath = join(proc.root, 'passwd');
    writeFileSync(passwdPath, 'alice:x:1000:1000::/:/bin/sh\n');
    const askMonitor = () => Promise.reject(new QmpError('occupied', 'in use'));
    scanner = new GuestScanner({ procRoot: proc.root, passwdPath, askMonitor });
  });
  afterEach(() => proc.end());
  const pids = async () => (await scanner.scan()).map(({ pid }) => pid);

  it('reports all that the contract of a guest names', async () => {
    const commandLine = ['qemu-system-x86_64', '-name', 'guest=web', '-uuid', 'u-1', '-qmp', 'unix:q,server'];
    proc.set(42, {
      commandLine,
      startTime: 777,
      state: 'T',
      terminal: 34817,
      uid: 1000,
      cwd: '/srv',
      cgroup: '2:cpu:/lent\n1:name=systemd:/machine.slice/web.scope\n0::/\n',
      threads: { 44: { comm: 'CPU 0/KVM', startTime: 780 } },
    });
    expect(await scanner.scan()).to.deep.equal([
      {
        key: '42-777',
        pid: 42,
        startTime: 777n,
        name: 'web',
        uuid: 'u-1',
        user: 'alice',
        uid: 1000,
        unit: 'web.scope',
        cgroup: '/lent',
        commandLine,
        hasTerminal: true,
        qmpSockets: ['/srv/q'],
        vcpus: [{ index: 0, tid: 44, startTime: 780n }],
        vcpuSource: 'thread-names',
        stopped: true,
      },
    ]);
  });

  it('goes by the program that runs, not by what a process calls itself', async () => {
    proc.set(10, { exe: '/usr/bin/sleep', commandLine: ['/usr/bin/qemu-system-x86_64', '-name', 'false'] });
    proc.set(11, { commandLine: ['sleep', '-name', 'true'] });
    proc.set(12, { exe: null, commandLine: ['/usr/bin/qemu-system-x86_64'] });
    expect(await pids()).to.deep.equal([11]);
  });

  it('gives guests in order of their pids', async () => {
    for (const pid of [9, 100, 11, 1000]) proc.set(pid);
    expect(await pids()).to.deep.equal([9, 11, 100, 1000]);
  });

  it('tells a reused pid from the process that had it', async () => {
    proc.set(10, { startTime: 5, commandLine: ['qemu', '-name', 'old'] });
    expect((await scanner.scan())[0]).to.include({ key: '10-5', name: 'old' });
    proc.set(10, { startTime: 6, commandLine: ['qemu', '-name', 'new'] });
    expect((await scanner.scan())[0]).to.include({ key: '10-6', name: 'new' });
    proc.set(10, { startTime: 7, exe: '/usr/bin/sleep' });
    expect(await pids()).to.deep.equal([]);
  });

  it('finds a process that becomes QEMU after it was seen as something else', async () => {
    proc.set(10, { exe: '/usr/bin/setpriv' });
    expect(await pids()).to.deep.equal([]);
    proc.set(10);
    expect(await pids()).to.deep.equal([10]);
  });

  it('follows what changes: cgroup, user, state and threads', async () => {
    proc.set(10, { uid: 0 });
    expect((await scanner.scan())[0]).to.deep.include({ user: '0', cgroup: '/', vcpus: [] });
    proc.set(10, { uid: 1000, cgroup: '0::/lent\n', state: 'T', threads: { 11: { comm: 'CPU 0/TCG' } } });
    expect((await scanner.scan())[0]).to.deep.include({
      user: 'alice',
      cgroup: '/lent',
      stopped: true,
      vcpus: [{ index: 0, tid: 11, startTime: 1000n }],
    });
  });

  it('reads nothing of a guest that has not run for some scans, unless it is to look afresh', async () => {
    let cpuNs = 1n;
    const sleepy = new GuestScanner({ procRoot: proc.root, cpuClock: () => cpuNs });
    const cgroup = async (afresh = false) => (await sleepy.scan(afresh))[0]?.cgroup;
    proc.set(18, { cgroup: '0::/first\n' });
    for (let scans = 0; scans < 5; scans++) expect(await cgroup()).to.equal('/first');
    proc.set(18, { cgroup: '0::/second\n' });
    expect(await cgroup()).to.equal('/first');
    expect(await cgroup(true)).to.equal('/second');
    for (let scans = 0; scans < 5; scans++) await cgroup();
    proc.set(18, { cgroup: '0::/third\n' });
    expect(await cgroup()).to.equal('/second');
    cpuNs += 1n;
    expect(await cgroup()).to.equal('/third');
    sleepy.close();
  });

  it('leaves out a process that ends while it is read, whatever is missing', async () => {
    for (const [startTime, file] of ['stat', 'cmdline', 'cgroup', 'status'].entries()) {
      proc.set(10, { startTime });
      proc.set(11);
      proc.removeFile(10, file);
      expect(await pids(), file).to.deep.equal([11]);
      proc.remove(10);
    }
    proc.set(10, { commandLine: [] });
    expect(await pids()).to.deep.equal([11]);
  });

  it('still reports a guest whose threads have gone from sight', async () => {
    proc.set(10);
    proc.removeFile(10, 'task');
    expect((await scanner.scan())[0]).to.deep.include({ vcpus: [], vcpuSource: 'none' });
  });

  it('is not misled by names with spaces, parentheses and line breaks', async () => {
    for (const comm of [') S 1 (', 'a b', 'x\nUid:\t1000', '(((', 'CPU 0/KVM']) {
      proc.set(10, { comm, startTime: 55, terminal: 3 });
      expect((await scanner.scan())[0], comm).to.deep.include({
        key: '10-55',
        uid: 0,
        hasTerminal: true,
        vcpus: [],
      });
    }
  });

  it('takes no part in how often a monitor that fails is asked, and never fails with it', async () => {
    let asked = 0;
    const failing = new GuestScanner({
      procRoot: proc.root,
      askMonitor: () => {
        asked += 1;
        return Promise.reject(new QmpError('protocol', 'garbage'));
      },
    });
    proc.set(10, { commandLine: ['qemu', '-qmp', 'unix:/q,server'] });
    for (let scan = 0; scan < 50; scan++) expect(await failing.scan()).to.have.length(1);
    expect(asked).to.equal(1);
  });

  it('does not wait for a monitor beyond its budget', async () => {
    const hanging = new GuestScanner({
      procRoot: proc.root,
      monitorBudgetMs: 5,
      askMonitor: () => new Promise(() => {}),
    });
    proc.set(10, { commandLine: ['qemu', '-qmp', 'unix:/q,server'], threads: { 11: { comm: 'CPU 0/KVM' } } });
    for (let scan = 0; scan < 3; scan++) {
      expect((await hanging.scan())[0]?.vcpuSource).to.equal('thread-names');
    }
  });

  it('finds nothing where there is no /proc', async () => {
    expect(await new GuestScanner({ procRoot: '/nonexistent' }).scan()).to.deep.equal([]);
  });
});
