import { expect } from 'chai';
import { GuestRest } from '../../src/qemu/guest-rest.js';

const S = 1_000_000_000n;

describe('whether a guest rests', () => {
  let cpuNs: bigint;
  let rest: GuestRest;

  beforeEach(() => {
    cpuNs = 7n;
    rest = new GuestRest(4719, () => cpuNs);
  });

  const scans = (from: number, to: number, afresh = false): boolean[] =>
    Array.from({ length: to - from }, (_, at) => rest.rests(BigInt(from + at) * S, afresh));

  it('does so once it has not run for some scans, until it runs', () => {
    expect(scans(0, 8)).to.deep.equal([false, false, false, false, true, true, true, true]);
    cpuNs += 1n;
    expect(scans(8, 9)).to.deep.equal([false]);
  });

  it('is looked at every ten seconds, whenever asked for, and once it has ended', () => {
    scans(0, 10);
    expect(scans(10, 50).filter((rests) => !rests)).to.have.length(4);
    expect(rest.rests(50n * S, true)).to.equal(false);
    cpuNs = 0n;
    expect(scans(51, 60).some((rests) => rests)).to.equal(false);
  });
});
