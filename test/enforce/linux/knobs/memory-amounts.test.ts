import { expect } from 'chai';
import fc from 'fast-check';
import {
  balloonTarget,
  hasFollowed,
  isTight,
  nextLimit,
  overheadBytes,
  wantedLimit,
} from '../../../../src/enforce/linux/knobs/memory-amounts.js';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const setting = (ceilingBytes: number | null, floorBytes: number | null = null) =>
  ({ knob: 'memory', ceilingBytes, floorBytes }) as const;
const KVM = { usesKvm: true, hostBytes: 16 * GIB };
const TCG = { usesKvm: false, hostBytes: 4 * GIB };

describe('balloonTarget', () => {
  it('is the ceiling, but never more than the user left the guest, and never less than is promised', () => {
    expect(balloonTarget(setting(GIB), 2 * GIB)).to.equal(GIB);
    expect(balloonTarget(setting(3 * GIB), 2 * GIB)).to.equal(2 * GIB);
    expect(balloonTarget(setting(GIB, 1.5 * GIB), 2 * GIB)).to.equal(1.5 * GIB);
    expect(balloonTarget(setting(null, GIB), 2 * GIB)).to.equal(2 * GIB);
    expect(balloonTarget(setting(0), 2 * GIB)).to.equal(MIB);
  });

  it('counts as reached within what drivers round', () => {
    expect(hasFollowed(GIB + 4096, GIB)).to.equal(true);
    expect(hasFollowed(GIB + 2 * MIB, GIB)).to.equal(false);
  });
});

describe('the limit of a guest’s cgroup', () => {
  it('leaves QEMU what it needs itself, and more where it translates code', () => {
    expect(wantedLimit(setting(GIB), KVM)).to.equal(GIB + (256 + 16) * MIB);
    expect(overheadBytes(GIB, TCG)).to.equal((256 + 16 + 512) * MIB);
    expect(overheadBytes(0, { ...TCG, hostBytes: 64 * GIB })).to.equal((256 + 1024) * MIB);
  });

  it('is never set close to what the guest uses, and is tight once there is room', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.nat(2 ** 40), (wanted, used) => {
        const limit = nextLimit(wanted, used);
        expect(limit % 4096).to.equal(0);
        expect(limit).to.be.at.least(used + 64 * MIB);
        expect(limit).to.be.at.least(wanted);
        expect(isTight(limit, wanted)).to.equal(limit < wanted + 4096);
        if (used + 64 * MIB <= wanted) expect(isTight(limit, wanted)).to.equal(true);
      }),
    );
  });
});
