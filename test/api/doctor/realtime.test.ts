import { expect } from 'chai';
import { realtimePriority } from '../../../src/api/doctor/realtime.js';

const patient = (rights: boolean) => ({ uid: 1000, user: 'alice', hasCapability: () => rights });

describe('vmc doctor about real-time priority', () => {
  it('says up to which', () => {
    const check = realtimePriority({ realtimePriority: 98 }, false, patient(true));
    expect(check).to.include({ ok: true, fix: null });
    expect(check.detail).to.contain('SCHED_FIFO up to 98');
  });

  it('names what it takes: the right to it, or bandwidth of the kernel’s', () => {
    expect(realtimePriority({ realtimePriority: 0 }, false, patient(false)).fix).to.contain('sys_nice');
    expect(realtimePriority({}, false, patient(true)).fix).to.contain('sched_rt_runtime_us');
    const ofGroups = realtimePriority({}, true, patient(true));
    expect(ofGroups).to.include({ ok: false, fix: null });
    expect(ofGroups.detail).to.contain('RT_GROUP_SCHED');
  });
});
