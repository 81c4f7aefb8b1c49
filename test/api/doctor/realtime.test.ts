import { expect } from 'chai';
import { realtimePriority } from '../../../src/api/doctor/realtime.js';
import type { CgroupMounts } from '../../../src/enforce/linux/mounts.js';

const NO_CGROUPS: CgroupMounts = { version: 0 };
const patient = (rights: boolean) => ({ uid: 1000, user: 'alice', hasCapability: () => rights });

describe('vmc doctor about real-time priority', () => {
  it('says up to which', () => {
    const check = realtimePriority({ realtimePriority: 98 }, NO_CGROUPS, patient(true));
    expect(check).to.include({ ok: true, fix: null });
    expect(check.detail).to.contain('SCHED_FIFO up to 98');
  });

  it('names what it takes: the right to it, or bandwidth of the kernel’s', () => {
    expect(realtimePriority({ realtimePriority: 0 }, NO_CGROUPS, patient(false)).fix).to.contain('sys_nice');
    expect(realtimePriority({}, NO_CGROUPS, patient(true)).fix).to.contain('sched_rt_runtime_us');
  });
});
