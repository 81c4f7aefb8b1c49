import { expect } from 'chai';
import fc from 'fast-check';
import { filterFromStart, fractionalWeights } from '../../../src/rps/numeric/fractional-difference.js';
import { expectClose, goldenSeries } from '../support/golden.js';

const weightsOf = (d: number, count: number): Float64Array => {
  const out = new Float64Array(count);
  fractionalWeights(d, out);
  return out;
};

describe('fractional differences', () => {
  it('have the weights of R at d = 0.35', () => {
    const [, golden] = goldenSeries[0]!;
    expectClose(weightsOf(0.35, 31), golden.fracdiff_weights_d035, 1e-12);
  });

  it('are the samples at d = 0 and the steps between them at d = 1', () => {
    expect([...weightsOf(0, 4)].map(Math.abs)).to.deep.equal([1, 0, 0, 0]);
    expect([...weightsOf(1, 4)].map((weight) => weight + 0)).to.deep.equal([1, -1, 0, 0]);
  });

  it('are the sums of products that they are defined by, at any length', () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.double({ min: -0.4, max: 1, noNaN: true }), (samples, d) => {
        const n = samples.length;
        const weights = weightsOf(d, n);
        const out = new Float64Array(n);
        filterFromStart(Float64Array.from(samples), n, weights, out);
        for (let t = 0; t < n; t++) {
          let sum = 0;
          for (let k = 0; k <= t; k++) sum += weights[k]! * samples[t - k]!;
          expect(out[t]).to.be.closeTo(sum, 1e-10);
        }
      }),
    );
  });

  it('undo each other when d and −d follow', () => {
    const n = 50;
    const x = Float64Array.from({ length: n }, (_, t) => Math.sin(t) * t);
    const [there, back] = [new Float64Array(n), new Float64Array(n)];
    filterFromStart(x, n, weightsOf(0.4, n), there);
    filterFromStart(there, n, weightsOf(-0.4, n), back);
    expectClose(back, [...x], 1e-12);
  });
});
