import { expect } from 'chai';
import {
  driveThrottles,
  isThrottledSo,
  NOT_THROTTLED,
  OUR_GROUP,
} from '../../../../src/enforce/linux/knobs/drive-throttles.js';
import type { Throttle } from '../../../../src/qemu/index.js';

const setting = (bytesPerSecond: number | null, iops: number | null = null) =>
  ({ knob: 'disk', bytesPerSecond, iops }) as const;
const own = (numbers: Throttle['numbers'], group: string | null = null): Throttle => ({ numbers, group });
const ours = (numbers: Throttle['numbers']): Throttle => ({ numbers, group: OUR_GROUP });

describe('driveThrottles', () => {
  it('has all drives of a guest share what it may have', () => {
    expect(driveThrottles(setting(1000, 50), [NOT_THROTTLED, NOT_THROTTLED])).to.deep.equal([
      ours({ bps: 1000, iops: 50 }),
      ours({ bps: 1000, iops: 50 }),
    ]);
  });

  it('leaves a drive that its user throttled as it is, and the others what is left', () => {
    const slow = own({ bps_rd: 100, bps_wr: 200 }, 'drive0');
    expect(driveThrottles(setting(1000), [slow, NOT_THROTTLED])).to.deep.equal([slow, ours({ bps: 700 })]);
  });

  it('counts a group that several drives are in once', () => {
    const shared = own({ bps: 400 }, 'pair');
    const other = own({ bps: 400 }, 'pair');
    const [, , rest] = driveThrottles(setting(1000), [shared, other, NOT_THROTTLED]);
    expect(rest).to.deep.equal(ours({ bps: 600 }));
  });

  it('takes all drives together where what users left them leaves nothing, or is no bound of this kind', () => {
    const all = (before: Throttle, limit = setting(1000)) => driveThrottles(limit, [before, NOT_THROTTLED]);
    expect(all(own({ bps: 1000 }))).to.deep.equal([ours({ bps: 1000 }), ours({ bps: 1000 })]);
    expect(all(own({ bps_rd: 10 }))).to.deep.equal([ours({ bps: 1000 }), ours({ bps: 1000 })]);
    expect(all(own({ bps: 10 }), setting(1000, 5))[0]).to.deep.equal(ours({ bps: 1000, iops: 5 }));
  });

  it('never sets a number to zero, which would mean no limit', () => {
    expect(driveThrottles(setting(0), [NOT_THROTTLED])).to.deep.equal([ours({ bps: 1 })]);
  });
});

describe('isThrottledSo', () => {
  const drive = (throttle: Throttle) => ({ address: { device: 'd' }, throttle });

  it('compares numbers whatever their order, and the group where one was asked for', () => {
    expect(isThrottledSo(drive(ours({ iops: 1, bps: 2 })), ours({ bps: 2, iops: 1 }))).to.equal(true);
    expect(isThrottledSo(drive(own({ bps: 2 }, 'd')), own({ bps: 2 }))).to.equal(true);
    expect(isThrottledSo(drive(own({ bps: 2 }, 'd')), ours({ bps: 2 }))).to.equal(false);
    expect(isThrottledSo(drive(NOT_THROTTLED), ours({ bps: 2 }))).to.equal(false);
  });
});
