import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { tapsOf } from '../../../src/enforce/linux/knobs/tap-devices.js';
import { systemProgram } from '../../../src/enforce/linux/knobs/traffic-control.js';
import { GuestResources } from '../../../src/rps/sensors/guest-resources.js';
import type { SensedGuest } from '../../../src/rps/sensors/sensed-guest.js';
import { requireNetworks } from '../../enforce/linux/knobs/network-namespace.js';
import { until } from '../../support/guests/until.js';
import { skipBecause } from '../../support/skip-because.js';
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

describe('GuestResources and the kernel', () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  });

  /** A program in Perl that has said its first word. */
  async function perl(...args: readonly string[]): Promise<ChildProcess> {
    const child = spawn('perl', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    await once(child.stdout!, 'data');
    return child;
  }

  it('count what a process writes to a disk, and not what it reads from memory', async function () {
    const directory = mkdtempSync(join(homedir(), '.vmc-disk-'));
    const sensor = new GuestResources();
    try {
      const program =
        'use IO::Handle; $| = 1; print "up\n"; <STDIN>; open my $f, ">", shift; print $f "x" x (8 << 20); $f->flush; $f->sync; print "done\n"; <STDIN>';
      const writer = await perl('-e', program, join(directory, 'file'));
      const guests = [{ key: 'writer', pid: writer.pid! }];
      const values: Record<string, number> = {};
      const report = (signal: string, value: number) => {
        values[signal] = value;
      };
      sensor.sample(1_000_000_000n, guests, report);
      writer.stdin!.write('\n');
      await once(writer.stdout!, 'data');
      sensor.sample(2_000_000_000n, guests, report);
      if (values['guest.writer.disk.write'] === 0) skipBecause(this, 'the home directory is on no disk');
      expect(values['guest.writer.disk.write']).to.be.within(8 << 20, (8 << 20) + (1 << 16));
      expect(values['guest.writer.disk.read']).to.be.below(1 << 20);
    } finally {
      sensor.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('count what goes through the tap devices that a process holds, as the guest sees it', async function () {
    requireNetworks(this);
    const [a, b] = [`vmcga${process.pid % 100_000}`, `vmcgb${process.pid % 100_000}`];
    const wire = await perl(fileURLToPath(new URL('../../api/flows/delayed-wire.pl', import.meta.url)), a, b);
    const ip = (...args: readonly string[]) => execFileSync(systemProgram('ip') ?? 'ip', args);
    ip('address', 'add', '10.99.0.1/24', 'dev', a);
    ip('link', 'set', a, 'up');
    const guests = [{ key: 'wire', pid: wire.pid! }];
    const sensor = new GuestResources('/proc', (pid) => tapsOf(pid).filter((tap) => tap === a));
    const values: Record<string, number> = {};
    const report = (signal: string, value: number) => {
      values[signal] = value;
    };
    const socket = createSocket('udp4');
    try {
      await new Promise<void>((resolve) => socket.bind(0, '10.99.0.1', resolve));
      socket.setBroadcast(true);
      sensor.sample(1_000_000_000n, guests, report);
      for (let i = 0; i < 100; i++) {
        await new Promise((resolve) => socket.send(Buffer.alloc(1000), 9, '10.99.0.255', resolve));
      }
      // With headers of UDP, IP and Ethernet. A packet counts when the process has taken it.
      const bytes = 100 * 1042;
      await until(() => Number(readFileSync(`/sys/class/net/${a}/statistics/tx_bytes`, 'utf8')) >= bytes);
      sensor.sample(2_000_000_000n, guests, report);
      // The kernel looks for neighbours and routers meanwhile.
      expect(values['guest.wire.network.in']).to.be.within(bytes - 1000, bytes + 2000);
      expect(values['guest.wire.network.out']).to.equal(0);
    } finally {
      socket.close();
      sensor.close();
    }
  });
});
