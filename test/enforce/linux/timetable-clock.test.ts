import { expect } from 'chai';
import fc from 'fast-check';
import { nextBoundaryNs, runsAt } from '../../../src/enforce/linux/timetable-clock.js';

const hyperperiodNs = 1000n;
const windows = fc.uniqueArray(fc.bigInt(0n, hyperperiodNs), { minLength: 2, maxLength: 8 }).map((points) => {
  const sorted = points.sort((a, b) => Number(a - b));
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) => ({
    startNs: sorted[2 * index] ?? 0n,
    endNs: sorted[2 * index + 1] ?? 0n,
  }));
});
const phase = fc.bigInt(0n, hyperperiodNs - 1n);

describe('the clock of a timetable', () => {
  it('lets a guest run from the start of a window up to, but not at, its end', () => {
    const one = [{ startNs: 100n, endNs: 200n }];
    expect([99n, 100n, 199n, 200n].map((at) => runsAt(one, at))).to.deep.equal([false, true, true, false]);
  });

  it('never lets a guest without windows run, and always one whose window is the whole hyperperiod', () => {
    fc.assert(
      fc.property(phase, (at) => {
        expect(runsAt([], at)).to.equal(false);
        expect(runsAt([{ startNs: 0n, endNs: hyperperiodNs }], at)).to.equal(true);
      }),
    );
  });

  it('finds the next instant at which a guest starts or stops: nothing changes before it', () => {
    fc.assert(
      fc.property(windows, phase, (guest, at) => {
        const ahead = nextBoundaryNs(guest, at, hyperperiodNs);
        expect(ahead > 0n && ahead <= hyperperiodNs).to.equal(true);
        for (let step = 0n; step < ahead; step++) {
          expect(runsAt(guest, (at + step) % hyperperiodNs)).to.equal(runsAt(guest, at));
        }
      }),
    );
  });
});
