import { expect } from 'chai';
import { withoutRuns } from '../../../src/rps/running-time/own-work.js';

describe('a load without work that is known to be over', () => {
  // Samples of 1 s that end at 10, 11, 12, 13 s.
  const samples = Float64Array.of(2, 2, Number.NaN, 2);
  const without = (fromMs: number, toMs: number) => [
    ...withoutRuns(samples, 10_000, 1000, [{ fromMs, toMs }]),
  ];

  it('has one thread less for as much of each sample as the work ran', () => {
    expect(without(9500, 11_250)).to.deep.equal([1.5, 1, Number.NaN, 2]);
    expect(without(12_200, 12_300)[3]).to.be.closeTo(1.9, 1e-9);
  });

  it('is as it was where the work ran before or after', () => {
    expect(without(1000, 9000)).to.deep.equal([...samples]);
    expect(without(13_000, 14_000)).to.deep.equal([...samples]);
  });

  it('is never below nothing', () => {
    const runs = Array.from({ length: 4 }, () => ({ fromMs: 9000, toMs: 10_000 }));
    expect(withoutRuns(samples, 10_000, 1000, runs)[0]).to.equal(0);
  });
});
