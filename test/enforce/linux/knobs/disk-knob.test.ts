import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { BYTES_PER_UNIT, readerImage } from '../../../../guests/reader/reader-image.js';
import type { StartedGuest } from '../../../../guests/start-guest.js';
import { QmpClient } from '../../../../src/qemu/index.js';
import { requireQemu } from '../../../support/guests/require-qemu.js';
import { until } from '../../../support/guests/until.js';
import { elapse, find, RealHost } from '../real-host.js';

interface Inserted {
  readonly bps: number;
  readonly iops: number;
  readonly group?: string;
}

const LIMIT = 2_000_000;
const MEASURED_MS = 3000;

describe('disk limits of a guest', () => {
  let real: RealHost;
  let directory: string;

  beforeEach(function () {
    requireQemu(this);
    directory = mkdtempSync(join(tmpdir(), 'vmc-disk-'));
    writeFileSync(join(directory, 'data.img'), Buffer.alloc(4 << 20));
    real = new RealHost();
  });

  afterEach(async () => {
    await real?.close();
    if (directory) rmSync(directory, { recursive: true, force: true });
  });

  const startReader = (throttle = '') =>
    real.guest({
      name: 'reader',
      image: readerImage(),
      extraArguments: [
        ...['-drive', `file=${join(directory, 'data.img')},format=raw,if=none,id=data${throttle}`],
        ...['-device', 'virtio-blk-pci,drive=data'],
      ],
    });

  async function set(bytesPerSecond: number | null, iops: number | null = null): Promise<void> {
    const { guest } = await real.observe('reader');
    const setting = { knob: 'disk', bytesPerSecond, iops } as const;
    await real.act({ kind: 'set-knob', guest: guest.guest.key, setting });
    expect((await real.observe('reader')).guest.settings).to.deep.equal([setting]);
  }

  /** Reads of the guest per second, as it counts them itself. */
  async function readsPerSecond(guest: StartedGuest): Promise<number> {
    const before = await guest.progress();
    await elapse(MEASURED_MS);
    const after = await guest.progress();
    return (1e9 * Number(after.units - before.units)) / Number(after.atNs - before.atNs);
  }

  /** The limits that QEMU has for drive `data`. */
  async function throttle(guest: StartedGuest): Promise<object> {
    const client = await QmpClient.connect(guest.qmpPath ?? '');
    try {
      const drives = (await client.execute('query-block')) as { device: string; inserted: Inserted }[];
      const found = drives.find(({ device }) => device === 'data');
      if (!found) throw new Error('the guest has a drive data');
      const { bps, iops, group } = found.inserted;
      return { bps, iops, group };
    } finally {
      client.close();
    }
  }

  it('are kept within 10%, in bytes and in operations, and given back', async () => {
    const guest = await startReader();
    await real.host.start();
    await set(LIMIT);
    expect(await readsPerSecond(guest)).to.be.closeTo(LIMIT / BYTES_PER_UNIT, (0.1 * LIMIT) / BYTES_PER_UNIT);
    await set(null, 20);
    expect(await readsPerSecond(guest)).to.be.closeTo(20, 2);
    const { guest: seen } = await real.observe('reader');
    await real.act({ kind: 'unset-knob', guest: seen.guest.key, knob: 'disk' });
    expect((await real.observe('reader')).guest.settings).to.deep.equal([]);
    expect(await throttle(guest)).to.deep.equal({ bps: 0, iops: 0, group: undefined });
    expect(await readsPerSecond(guest)).to.be.above(60);
  });

  it('give back what its user had set, also when the host is stopped', async () => {
    const guest = await startReader(',throttling.bps-total=5000000,throttling.group=users');
    await real.host.start();
    await set(LIMIT);
    expect(await throttle(guest)).to.deep.equal({ bps: LIMIT, iops: 0, group: 'vmc' });
    await real.host.stop();
    expect(await throttle(guest)).to.deep.equal({ bps: 5_000_000, iops: 0, group: 'users' });
  });

  it('find out when somebody else takes them away, and what the guest has read', async () => {
    const guest = await startReader();
    await real.host.start();
    await set(LIMIT);
    const client = await QmpClient.connect(guest.qmpPath ?? '');
    const none = { bps: 0, bps_rd: 0, bps_wr: 0, iops: 0, iops_rd: 0, iops_wr: 0 };
    await client.execute('block_set_io_throttle', { device: 'data', ...none });
    client.close();
    const short = { knob: 'disk', bytesPerSecond: null, iops: null };
    await until(async () => {
      const [seen] = find(await real.host.observe(), 'reader').settings ?? [];
      return JSON.stringify(seen) === JSON.stringify(short);
    });
    expect((await real.observe('reader')).guest.use?.disk?.bytes).to.be.above(BYTES_PER_UNIT);
    await set(LIMIT);
    expect(await throttle(guest)).to.deep.include({ bps: LIMIT, group: 'vmc' });
  });

  it('are refused in words where the guest has no monitor', async () => {
    await real.guest({ name: 'reader', qmp: false });
    await real.host.start();
    const { guest } = await real.observe('reader');
    const outcome = await real.host.act({
      kind: 'set-knob',
      guest: guest.guest.key,
      setting: { knob: 'disk', bytesPerSecond: LIMIT, iops: null },
    });
    expect(outcome).to.deep.include({ ok: false, code: 'EIO' });
    expect(outcome.ok ? '' : outcome.message).to.match(/disk limits of guest .*without a monitor/);
  });
});
