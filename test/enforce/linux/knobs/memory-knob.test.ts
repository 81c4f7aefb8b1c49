import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { StartedGuest } from '../../../../guests/start-guest.js';
import { findCgroupMounts } from '../../../../src/enforce/linux/mounts.js';
import { QmpClient, queryBalloon } from '../../../../src/qemu/index.js';
import { requireQemu } from '../../../support/guests/require-qemu.js';
import { until } from '../../../support/guests/until.js';
import { skipBecause } from '../../../support/skip-because.js';
import { requireTestHost } from '../../../support/test-host/require-test-host.js';
import { RealHost } from '../real-host.js';
import { BalloonGuest } from './balloon-guest.js';

const MIB = 2 ** 20;

describe('the memory limit of a guest', () => {
  let real: RealHost;
  const balloon = new BalloonGuest();

  beforeEach(function () {
    requireQemu(this);
    const mounts = findCgroupMounts();
    if (mounts.version !== 1 || mounts.memory === null)
      skipBecause(this, 'needs a writable cgroup v1 memory controller (v2 is tested in the booted host)');
    real = new RealHost();
  });

  afterEach(async () => {
    await real?.close();
    await balloon.remove();
  });

  async function set(ceilingBytes: number | null, floorBytes: number | null = null): Promise<void> {
    const { guest } = await real.observe('guest');
    const setting = { knob: 'memory', ceilingBytes, floorBytes } as const;
    await real.act({ kind: 'set-knob', guest: guest.guest.key, setting });
  }

  /** Sets it again and again, as the reconciler does, until it is in force. */
  async function untilInForce(ceilingBytes: number): Promise<void> {
    const wanted = JSON.stringify([{ knob: 'memory', ceilingBytes, floorBytes: null }]);
    await until(async () => {
      const { guest } = await real.observe('guest');
      if (JSON.stringify(guest.settings) === wanted) return true;
      await set(ceilingBytes);
      return false;
    }, 60_000);
  }

  async function unset(): Promise<void> {
    const { guest } = await real.observe('guest');
    await real.act({ kind: 'unset-knob', guest: guest.guest.key, knob: 'memory' });
  }

  async function balloonOf(guest: StartedGuest): Promise<number | null> {
    const client = await QmpClient.connect(guest.qmpPath ?? '');
    try {
      return await queryBalloon(client);
    } finally {
      client.close();
    }
  }

  const groupOf = (guest: StartedGuest): string =>
    /:memory:(.*)$/m.exec(readFileSync(`/proc/${guest.pid}/cgroup`, 'utf8'))?.[1] ?? '';
  const limitOf = (guest: StartedGuest): number =>
    Number(readFileSync(`/sys/fs/cgroup/memory${groupOf(guest)}/memory.limit_in_bytes`, 'utf8'));
  const residentBytes = (guest: StartedGuest): number =>
    1024 * Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${guest.pid}/status`, 'utf8'))?.[1]);

  it('is what its balloon leaves it: memory comes back to the host, and goes to the guest again', async function () {
    requireTestHost(this);
    this.timeout(300_000);
    const guest = await real.guest({ name: 'guest', ...(await balloon.options()) });
    const whole = balloon.memoryMiB * MIB;
    expect(await balloonOf(guest)).to.equal(whole);
    const origin = groupOf(guest);
    await real.host.start();
    const before = residentBytes(guest);
    await untilInForce(100 * MIB);
    expect(await balloonOf(guest)).to.be.within(99 * MIB, 101 * MIB);
    expect(before - residentBytes(guest)).to.be.above(40 * MIB);
    expect(limitOf(guest)).to.be.within(101 * MIB, 2048 * MIB);
    const { notes, use } = (await real.observe('guest')).guest;
    expect(notes).to.deep.equal([]);
    expect(use?.memory?.bytes).to.be.within(99 * MIB, 101 * MIB);
    await real.host.stop();
    await until(async () => (await balloonOf(guest)) === whole);
    expect(groupOf(guest)).to.equal(origin);
  });

  it('is its cgroup’s alone where it has no balloon, with room for QEMU, and says so', async () => {
    const guest = await real.guest({ name: 'guest' });
    const origin = groupOf(guest);
    await real.host.start();
    await set(64 * MIB, 32 * MIB);
    const { settings, notes = [] } = (await real.observe('guest')).guest;
    expect(settings).to.deep.equal([{ knob: 'memory', ceilingBytes: 64 * MIB, floorBytes: 32 * MIB }]);
    expect(notes.map(({ message }) => message)).to.deep.equal([
      'the guest has no balloon device: memory that it holds cannot be asked back',
      'memory that is promised to the guest is not protected from others: that takes a group of cgroup v2',
    ]);
    expect(groupOf(guest)).to.match(/\/vmc-\d+-\d+$/);
    expect(limitOf(guest)).to.be.within((64 + 256) * MIB, (64 + 256 + 1 + 1024) * MIB);
    const units = (await guest.progress()).units;
    await until(async () => (await guest.progress()).units > units);
    await unset();
    expect(groupOf(guest)).to.equal(origin);
    expect((await real.observe('guest')).guest.settings).to.deep.equal([]);
  });

  it('has a guest without a driver for its balloon told apart from one that follows', async () => {
    const guest = await real.guest({ name: 'guest', extraArguments: ['-device', 'virtio-balloon-pci'] });
    await real.host.start();
    await set(8 * MIB);
    const { settings } = (await real.observe('guest')).guest;
    expect(settings).to.deep.equal([{ knob: 'memory', ceilingBytes: 16 * MIB, floorBytes: null }]);
    expect(await balloonOf(guest)).to.equal(16 * MIB);
    await unset();
    expect((await real.observe('guest')).guest.settings).to.deep.equal([]);
    expect(groupOf(guest)).not.to.match(/vmc-/);
  });
});
