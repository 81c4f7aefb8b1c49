import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { GuestResources } from '../../../src/rps/sensors/guest-resources.js';
import type { SensedGuest } from '../../../src/rps/sensors/sensed-guest.js';
import { FakeProc } from '../support/fake-proc.js';
import { sampler } from '../support/sampler.js';

describe('GuestResources', () => {
  let proc: FakeProc;
  let sensor: GuestResources;
  let guests: SensedGuest[];
  let taps: Record<number, readonly string[]>;
  beforeEach(() => {
    proc = new FakeProc();
    taps = {};
    sensor = new GuestResources(proc.root, (pid) => taps[pid] ?? []);
    guests = [{ key: '70-1', pid: 70, classes: ['batch', 'lent'] }];
    memory(70, 1000);
  });
  afterEach(() => {
    sensor.close();
    proc.dispose();
  });

  const memory = (pid: number, pages: number) => proc.write(`${pid}/statm`, `90000 ${pages} 10 1 0 5 0\n`);
  const io = (pid: number, read: number, written: number) =>
    proc.write(
      `${pid}/io`,
      `rchar: 9\nwchar: 9\nsyscr: 9\nsyscw: 9\nread_bytes: ${read}\nwrite_bytes: ${written}\ncancelled_write_bytes: 9\n`,
    );
  const device = (name: string, received: number, sent: number) =>
    ` ${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0\n`;
  const devices = (...lines: readonly string[]) =>
    proc.write('net/dev', `Inter-|\n face |\n${lines.join('')}`);
  const sample = sampler((atNs, report) => sensor.sample(atNs, guests, report));

  it('sums the memory of a class, and says nothing of one with a guest of which it is not known', () => {
    guests.push({ key: '71-1', pid: 71, classes: ['lent'] }, { key: '72-1', pid: 72 });
    memory(71, 500);
    const values = sample();
    const page = values['guest.70-1.memory']! / 1000;
    expect([4096, 16384, 65536]).to.include(page);
    expect(values).to.deep.equal({
      'guest.70-1.memory': 1000 * page,
      'guest.71-1.memory': 500 * page,
      'batch.memory': 1000 * page,
      'lent.memory': 1500 * page,
    });
    proc.write('71/statm', '');
    expect(sample()).to.not.have.property('lent.memory');
  });

  it('reports what a guest really read and wrote, from the second look on', () => {
    io(70, 10_000, 0);
    expect(sample(10)).to.not.have.any.keys('guest.70-1.disk.read', 'guest.70-1.disk.write');
    io(70, 30_000, 5000);
    const values = sample(10);
    expect(values['guest.70-1.disk.read']).to.be.closeTo(2000, 1e-6);
    expect(values['guest.70-1.disk.write']).to.be.closeTo(500, 1e-6);
  });

  it('takes what the host sends into a tap for what the guest receives', () => {
    taps[70] = ['tap0', 'tap1'];
    devices(device('tap0', 100, 1000), device('tap1', 0, 0), device('eth0', 9, 9));
    sample(10);
    devices(device('tap0', 1100, 1000), device('tap1', 0, 500), device('eth0', 99_999, 99_999));
    const values = sample(10);
    expect(values['guest.70-1.network.out']).to.be.closeTo(100, 1e-6);
    expect(values['guest.70-1.network.in']).to.be.closeTo(50, 1e-6);
  });

  it('leaves a gap when a tap goes or counts anew, and goes on after it', () => {
    taps[70] = ['tap0'];
    devices(device('tap0', 5000, 5000));
    sample(10);
    devices();
    expect(sample(10)).to.not.have.any.keys('guest.70-1.network.in', 'guest.70-1.network.out');
    devices(device('tap0', 100, 100));
    expect(sample(10)).to.not.have.any.keys('guest.70-1.network.in', 'guest.70-1.network.out');
    devices(device('tap0', 200, 300));
    expect(sample(10)['guest.70-1.network.in']).to.be.closeTo(20, 1e-6);
  });

  it('compares nothing of a guest that was started anew with the one before', () => {
    io(70, 1_000_000, 0);
    sample(10);
    guests = [{ key: '80-9', pid: 80 }];
    memory(80, 7);
    io(80, 50, 0);
    expect(Object.keys(sample(10))).to.deep.equal(['guest.80-9.memory']);
    io(80, 150, 0);
    expect(sample(10)['guest.80-9.disk.read']).to.be.closeTo(10, 1e-6);
  });

  it('has no word of disks that it may not hear of', () => {
    sample(10);
    expect(Object.keys(sample(10)).sort()).to.deep.equal([
      'batch.memory',
      'guest.70-1.memory',
      'lent.memory',
    ]);
  });
});

describe('GuestResources on this host', () => {
  let child: ChildProcess;
  afterEach(() => child.kill('SIGKILL'));

  it('reads the memory that a process says it has', async () => {
    child = spawn('perl', ['-e', '$| = 1; my $x = "x" x (64 << 20); print "up\\n"; sleep 600'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout!, 'data');
    const values: Record<string, number> = {};
    const sensor = new GuestResources();
    sensor.sample(1n, [{ key: 'perl', pid: child.pid! }], (signal, value) => {
      values[signal] = value;
    });
    sensor.close();
    expect(values['guest.perl.memory']).to.be.within(64 * 2 ** 20, 200 * 2 ** 20);
  });
});
