import { expect } from 'chai';
import type { Patient } from '../../../src/api/doctor/check.js';
import { freezer } from '../../../src/api/doctor/freezer.js';
import type { CgroupFacts } from '../../../src/compiler/facts.js';
import type { CgroupMounts } from '../../../src/enforce/linux/mounts.js';

const ROOT: Patient = { uid: 0, user: 'root', hasCapability: () => true };
const ALICE: Patient = { uid: 1000, user: 'alice', hasCapability: () => false };
const V1: CgroupMounts = {
  version: 1,
  cpu: '/sys/fs/cgroup/cpu',
  cpuset: null,
  freezer: '/sys/fs/cgroup/freezer',
  memory: null,
};
const V2: CgroupMounts = { version: 2, cpu: '/sys/fs/cgroup', cpuset: '/sys/fs/cgroup' };

const facts = (version: CgroupFacts['version'], hasFreezer = false) => ({
  cgroup: { version, cpuset: false, freezer: hasFreezer, gather: version !== 0, ownerAs: 'slices' as const },
});

describe('what vmc doctor says of the freezer', () => {
  it('is nothing to do where it may be written', () => {
    for (const [version, mounts] of [
      [1, V1],
      [2, V2],
    ] as const) {
      expect(freezer(facts(version, true), mounts, ALICE)).to.include({
        kind: 'mechanism',
        name: 'freezer',
        ok: true,
        detail: 'duty cycles of guests in a terminal',
        fix: null,
      });
    }
  });

  it('is else what is lost, and why', () => {
    const { ok, detail } = freezer(facts(1), V1, ROOT);
    expect(ok).to.equal(false);
    expect(detail).to.equal(
      'duty cycles of guests in a terminal, which run without any (stopped by a signal, their shells would keep them ' +
        'so): /sys/fs/cgroup/freezer may not be written',
    );
  });

  it('is the command that makes its hierarchy writable, or mounts it', () => {
    expect(freezer(facts(1), V1, ROOT).fix).to.equal('mount -o remount,rw /sys/fs/cgroup/freezer');
    expect(freezer(facts(0), V2, ROOT).fix).to.equal('mount -o remount,rw /sys/fs/cgroup');
    expect(freezer(facts(0), V1, ALICE).fix).to.contain('sudo systemctl enable --now vmcd');
    expect(freezer(facts(0), { version: 0 }, ROOT).fix).to.equal('mount -t cgroup2 none /sys/fs/cgroup');
    const { detail, fix } = freezer(facts(1), { ...V1, freezer: null }, ROOT);
    // By what this kernel has.
    if (detail.endsWith('not mounted')) expect(fix).to.contain('mount -t cgroup -o freezer none');
    else expect(fix).to.equal(null);
  });
});
