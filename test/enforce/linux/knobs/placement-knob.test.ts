import { expect } from 'chai';
import { readAffinity, threadsOf, writeAffinity } from '../../../../src/enforce/linux/affinity.js';
import { requireQemu } from '../../../support/guests/require-qemu.js';
import { skipBecause } from '../../../support/skip-because.js';
import { linuxCores, RealHost, requireReservations } from '../real-host.js';

const MS = 1_000_000n;

describe('cores of a guest', () => {
  let real: RealHost;

  beforeEach(function () {
    requireQemu(this);
    if (linuxCores() < 2) skipBecause(this, 'needs two cores to choose from');
    real = new RealHost();
  });

  afterEach(() => real?.close());

  const masks = (pid: number) => threadsOf(pid).map((tid) => Number(`0x${readAffinity(tid)}`));

  async function place(name: string, cores: readonly number[]): Promise<void> {
    const { guest } = await real.observe(name);
    const setting = { knob: 'placement', cores } as const;
    await real.act({ kind: 'set-knob', guest: guest.guest.key, setting });
    expect((await real.observe(name)).guest.settings).to.deep.equal([setting]);
  }

  it('are those of all its threads, and of no other when that is taken back', async () => {
    const { pid } = await real.guest({ name: 'placed', cpus: 2 });
    await real.host.start();
    const before = masks(pid);
    await place('placed', [1]);
    expect(new Set(masks(pid))).to.deep.equal(new Set([2]));
    await place('placed', [0]);
    expect(new Set(masks(pid))).to.deep.equal(new Set([1]));
    const { guest } = await real.observe('placed');
    await real.act({ kind: 'unset-knob', guest: guest.guest.key, knob: 'placement' });
    expect(masks(pid)).to.deep.equal(before);
    expect((await real.observe('placed')).guest.settings).to.deep.equal([]);
  });

  it('are given back as its user had pinned it, by whoever ends the daemon', async () => {
    const { pid } = await real.guest({ name: 'pinned', taskset: [0] });
    await real.host.start();
    await place('pinned', [1]);
    expect(new Set(masks(pid))).to.deep.equal(new Set([2]));
    await real.host.stop();
    expect(new Set(masks(pid))).to.deep.equal(new Set([1]));
  });

  it('are put right when somebody moved a thread, or one appeared elsewhere', async () => {
    const { pid } = await real.guest({ name: 'moved' });
    await real.host.start();
    await place('moved', [1]);
    writeAffinity(pid, '03');
    expect((await real.observe('moved')).guest.settings).to.deep.equal([
      { knob: 'placement', cores: [0, 1] },
    ]);
    await place('moved', [1]);
    expect(new Set(masks(pid))).to.deep.equal(new Set([2]));
  });

  it('are refused where the host has none of them, with nothing changed', async () => {
    const { pid } = await real.guest({ name: 'nowhere' });
    await real.host.start();
    const before = masks(pid);
    const { guest } = await real.observe('nowhere');
    const outcome = await real.host.act({
      kind: 'set-knob',
      guest: guest.guest.key,
      setting: { knob: 'placement', cores: [4000] },
    });
    expect(outcome).to.include({ ok: false, code: 'EINVAL' });
    expect(masks(pid)).to.deep.equal(before);
  });

  it('leave threads with reservations where they are, and take them in when those end', async function () {
    requireReservations(this);
    const { pid } = await real.guest({ name: 'reserved' });
    await real.host.start();
    await place('reserved', [1]);
    const { guest } = await real.observe('reserved');
    const [vcpu] = guest.guest.vcpus;
    const server = { guest: guest.guest.key, tid: vcpu?.tid ?? 0, budgetNs: 20n * MS, periodNs: 100n * MS };
    await real.act({ kind: 'reserve', ...server, core: 0 });
    const reserved = (await real.observe('reserved')).guest;
    expect(reserved.servers.get(server.tid)?.core).to.equal(0);
    expect(reserved.settings).to.deep.equal([{ knob: 'placement', cores: [1] }]);
    await real.act({ kind: 'unreserve', guest: server.guest, tid: server.tid });
    expect((await real.observe('reserved')).guest.settings).to.deep.equal([
      { knob: 'placement', cores: [0, 1] },
    ]);
    await place('reserved', [1]);
    await real.act({ kind: 'release', guest: server.guest });
    expect(new Set(masks(pid))).to.deep.equal(new Set([2 ** linuxCores() - 1]));
  });

  it('are kept through gathering, and given back as they were before it', async function () {
    requireReservations(this);
    const { pid } = await real.guest({ name: 'gathered' });
    await real.host.start();
    const before = masks(pid);
    await place('gathered', [1]);
    await real.act({ kind: 'create-group', path: ['gold'] });
    const { guest } = await real.observe('gathered');
    await real.act({ kind: 'gather', guest: guest.guest.key, path: ['gold'] });
    await place('gathered', [1]);
    await real.act({ kind: 'release', guest: guest.guest.key });
    expect(masks(pid)).to.deep.equal(before);
  });
});
