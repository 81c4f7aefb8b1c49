import { expect } from 'chai';
import fc from 'fast-check';
import { HistoryGrid } from '../../../src/rps/history/history-grid.js';

const block = (fromMs: number, stepMs: number, ...values: readonly number[]) => ({
  fromMs,
  stepMs,
  values: Float32Array.from(values),
});

describe('HistoryGrid', () => {
  it('averages what falls on a place, by the time for which it stands', () => {
    const grid = new HistoryGrid(0, 60_000, 2);
    grid.add(block(0, 30_000, 1, 3));
    grid.add(block(60_000, 10_000, 6));
    grid.add(block(80_000, 40_000, 1));
    expect([...grid.means()]).to.deep.equal([2, 2]);
  });

  it('leaves gaps where nothing fell, and out what is not on it', () => {
    const grid = new HistoryGrid(10_000, 1000, 4);
    grid.add(block(8000, 1000, 1, 2, 3, Number.NaN, 5));
    expect([...grid.means()]).to.deep.equal([3, Number.NaN, 5, Number.NaN]);
  });

  it('puts no sample on the place of another when the wall clock is slewed between blocks that follow each other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 1, maxLength: 30 }),
        (phaseMs, slews) => {
          const grid = new HistoryGrid(0, 1000, 5 * slews.length + 10);
          let atMs = phaseMs;
          let next = 0;
          for (const slewMs of slews) {
            grid.add(block(atMs, 1000, ...[0, 1, 2, 3, 4].map((i) => next + i)));
            next += 5;
            atMs += 5000 + slewMs;
          }
          expect([...grid.means().subarray(0, next)]).to.deep.equal(
            Array.from({ length: next }, (_, i) => i),
          );
        },
      ),
    );
  });

  it('moves what comes after a real step of the clock', () => {
    const grid = new HistoryGrid(0, 1000, 8);
    grid.add(block(0, 1000, 1, 2));
    grid.add(block(5000, 1000, 3));
    expect([...grid.means()].map((value) => (Number.isNaN(value) ? null : value))).to.deep.equal([
      ...[1, 2, null, null, null, 3, null, null],
    ]);
  });
});
