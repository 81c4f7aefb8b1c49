import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { linuxHostFacts } from '../../../../src/enforce/linux/host-facts.js';
import { requireQemu } from '../../../support/guests/require-qemu.js';
import { skipBecause } from '../../../support/skip-because.js';
import { RealHost, startHog } from '../real-host.js';

const MS = 1_000_000n;
const GROUP = `/sys/fs/cgroup/cpu/vmc-own-${process.pid}`;
const SETTING = {
  knob: 'own-group',
  weight: 512,
  quota: { quotaNs: 25n * MS, periodNs: 50n * MS },
} as const;

describe('the cgroup of a guest that is not gathered, managed by nobody', () => {
  let real: RealHost;

  beforeEach(function () {
    requireQemu(this);
    if (linuxHostFacts().cgroup.version !== 1)
      skipBecause(this, 'needs a writable cgroup v1 cpu controller (v2 is tested in the booted host)');
    mkdirSync(GROUP);
    real = new RealHost();
  });

  afterEach(async () => {
    await real?.close();
    if (real) rmdirSync(GROUP);
  });

  const state = () =>
    ['cpu.shares', 'cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) =>
      readFileSync(`${GROUP}/${name}`, 'utf8').trim(),
    );

  async function placedGuest(): Promise<string> {
    const { pid } = await real.guest({ name: 'placed' });
    writeFileSync(`${GROUP}/cgroup.procs`, `${pid}`);
    await real.host.start();
    const { guest } = await real.observe('placed');
    return guest.guest.key;
  }

  it('is set, read back, and given back as it was', async () => {
    writeFileSync(`${GROUP}/cpu.shares`, '700');
    const key = await placedGuest();
    expect((await real.observe('placed')).guest.alone).to.equal(true);
    await real.act({ kind: 'set-knob', guest: key, setting: SETTING });
    expect(state()).to.deep.equal(['512', '25000', '50000']);
    expect((await real.observe('placed')).guest.settings).to.deep.equal([SETTING]);
    await real.act({ kind: 'set-knob', guest: key, setting: { ...SETTING, quota: null } });
    expect(state()).to.deep.equal(['512', '-1', '100000']);
    await real.act({ kind: 'unset-knob', guest: key, knob: 'own-group' });
    expect(state()).to.deep.equal(['700', '-1', '100000']);
    await real.act({ kind: 'set-knob', guest: key, setting: SETTING });
    await real.host.stop();
    expect(state()).to.deep.equal(['700', '-1', '100000']);
  });

  it('is left alone where it holds other processes too', async () => {
    const key = await placedGuest();
    const company = startHog();
    try {
      writeFileSync(`${GROUP}/cgroup.procs`, `${company.pid}`);
      expect((await real.observe('placed')).guest.alone).to.equal(false);
      const outcome = await real.host.act({ kind: 'set-knob', guest: key, setting: SETTING });
      if (outcome.ok) throw new Error('it was set');
      expect([outcome.code, outcome.message.includes('holds other processes too')]).to.deep.equal([
        'ENOTSUP',
        true,
      ]);
      expect(state()).to.deep.equal(['1024', '-1', '100000']);
    } finally {
      const ended = new Promise((resolve) => company.once('exit', resolve));
      company.kill('SIGKILL');
      await ended;
    }
  });
});
