import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { autogroupsEnabled, isInRootCgroup, readAutogroup } from '../../../../src/enforce/linux/autogroup.js';
import { requireQemu } from '../../../support/guests/require-qemu.js';
import { skipBecause } from '../../../support/skip-because.js';
import { elapse, find, RealHost } from '../real-host.js';

/** Of the kernel's sched_prio_to_weight, for nice 0 and 5. */
const WEIGHTS = { 0: 1024, 5: 335 } as const;
const MEASURED_MS = 6000;

describe('the nice value of a guest', () => {
  let real: RealHost;

  beforeEach(function () {
    requireQemu(this);
    if (!autogroupsEnabled() || !isInRootCgroup(process.pid))
      skipBecause(this, 'needs kernel.sched_autogroup_enabled, and this process in the root cgroup');
    real = new RealHost();
  });

  afterEach(() => real?.close());

  async function setNice(name: string, nice: number): Promise<void> {
    const { guest } = await real.observe(name);
    const setting = { knob: 'nice', nice } as const;
    await real.act({ kind: 'set-knob', guest: guest.guest.key, setting });
    expect((await real.observe(name)).guest.settings).to.deep.equal([setting]);
  }

  it("divides a core among sessions by the kernel's weights", async () => {
    for (const name of ['first', 'second']) await real.guest({ name, taskset: [1] });
    await real.host.start();
    await setNice('first', 0);
    await setNice('second', 5);
    const before = await real.host.observe();
    await elapse(MEASURED_MS);
    const after = await real.host.observe();
    const used = (name: string) => Number(find(after, name).cpuNs - find(before, name).cpuNs);
    const expected = WEIGHTS[0] / WEIGHTS[5];
    expect(used('first') / used('second')).to.be.within(expected * 0.85, expected * 1.15);
  });

  it('is given back as it was: by a command, and at the end', async () => {
    const { pid } = await real.guest({ name: 'nice' });
    await real.host.start();
    await setNice('nice', 7);
    const { guest } = await real.observe('nice');
    await real.act({ kind: 'unset-knob', guest: guest.guest.key, knob: 'nice' });
    expect(readAutogroup(pid)?.nice).to.equal(0);
    writeFileSync(`/proc/${pid}/autogroup`, '3');
    await setNice('nice', -4);
    await real.host.stop();
    expect(readAutogroup(pid)?.nice).to.equal(3);
  });

  it('is refused to a guest whose session holds something else too, and nothing is changed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'vmc-session-'));
    const shell = join(directory, 'with-company');
    writeFileSync(shell, '#!/bin/sh\nsetpriv --pdeathsig KILL sleep 300 &\nexec qemu-system-x86_64 "$@"\n');
    chmodSync(shell, 0o755);
    try {
      const { pid } = await real.guest({ name: 'accompanied', executable: shell });
      await real.host.start();
      const { guest } = await real.observe('accompanied');
      const outcome = await real.host.act({
        kind: 'set-knob',
        guest: guest.guest.key,
        setting: { knob: 'nice', nice: 5 },
      });
      if (outcome.ok) throw new Error('it was set');
      expect(outcome.code).to.equal('ENOTSUP');
      expect(outcome.message).to.match(/session holds other processes too \(\d+\): start it with setsid/);
      expect(readAutogroup(pid)?.nice).to.equal(0);
      expect(guest.settings).to.deep.equal([]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
