import { expect } from 'chai';
import fc from 'fast-check';
import { nextLongGapNs } from '../../../src/enforce/linux/long-gaps.js';
import { runsAt } from '../../../src/enforce/linux/timetable-clock.js';

const MS = 1_000_000n;
const timing = (hyperperiodMs: number, ...windows: readonly (readonly [number, number])[]) => ({
  hyperperiodNs: BigInt(hyperperiodMs) * MS,
  windows: windows.map(([start, end]) => ({ startNs: BigInt(start) * MS, endNs: BigInt(end) * MS })),
});

describe('long gaps of a timetable', () => {
  it('begin where a window ends that the next does not follow within a second', () => {
    const one = timing(5000, [0, 500], [1000, 1500]);
    expect(nextLongGapNs(one, 200n * MS)).to.equal(1500n * MS);
    expect(nextLongGapNs(one, 10_200n * MS)).to.equal(11_500n * MS);
    expect(nextLongGapNs(timing(1000, [0, 500]), 0n)).to.equal(null);
  });

  it('reach over the end of a hyperperiod, and have begun anywhere in them', () => {
    const one = timing(2000, [400, 600]);
    expect(nextLongGapNs(one, 700n * MS)).to.equal(700n * MS);
    expect(nextLongGapNs(one, 2300n * MS)).to.equal(2300n * MS);
    expect(nextLongGapNs(one, 2300n * MS, { begun: false })).to.equal(2600n * MS);
  });

  it('of a guest that never runs is one that has begun', () => {
    expect(nextLongGapNs(timing(100), 7n)).to.equal(7n);
    expect(nextLongGapNs(timing(100), 7n, { begun: false })).to.equal(null);
  });

  it('begin when a guest has just stopped running, whatever its windows are', () => {
    const edges = fc.uniqueArray(fc.integer({ min: 0, max: 6000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(edges, fc.integer({ min: 0, max: 20_000 }), (unsorted, nowMs) => {
        const sorted = [...unsorted].sort((a, b) => a - b);
        const windows = sorted.flatMap((start, at) => {
          const end = sorted[at + 1];
          return at % 2 === 0 && end !== undefined ? [[start, end] as const] : [];
        });
        const one = timing(6001, ...windows);
        const nowNs = BigInt(nowMs) * MS;
        const gapNs = nextLongGapNs(one, nowNs, { begun: false });
        if (gapNs === null) return;
        expect(gapNs > nowNs).to.equal(true);
        const runs = (atNs: bigint) => runsAt(one.windows, atNs % one.hyperperiodNs);
        expect(runs(gapNs - 1n)).to.equal(true);
        for (let ahead = 0n; ahead <= 1000n; ahead += 50n) expect(runs(gapNs + ahead * MS)).to.equal(false);
      }),
    );
  });
});
