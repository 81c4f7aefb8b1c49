import { expect } from 'chai';
import fc from 'fast-check';
import { autocovariance } from '../../../src/rps/numeric/autocovariance.js';
import { SlidingAutocovariance } from '../../../src/rps/numeric/sliding-autocovariance.js';
import { SeededRandom } from '../support/random.js';

const CAPACITY = 40;
const LAGS = 6;

function batch(window: Float64Array): { mean: number; acov: Float64Array } {
  const acov = new Float64Array(LAGS + 1);
  const { mean } = autocovariance(window, acov, new Float64Array(window.length));
  return { mean, acov };
}

/** Pushes all of `samples` and compares after each of them; errors are relative to the variance. */
function expectEqualToBatch(samples: readonly number[], tolerance: number): void {
  const sliding = new SlidingAutocovariance(CAPACITY, LAGS);
  for (let t = 0; t < samples.length; t++) {
    sliding.push(samples[t]!);
    sliding.refresh();
    const window = Float64Array.from(samples.slice(Math.max(0, t + 1 - CAPACITY), t + 1));
    const { mean, acov } = batch(window);
    if (Number.isNaN(mean)) {
      expect(sliding.mean).to.be.NaN;
      continue;
    }
    expect(sliding.mean).to.be.closeTo(
      mean,
      1e-12 * Math.max(1, ...[...window].map(Math.abs).filter(Number.isFinite)),
    );
    for (let k = 0; k <= LAGS; k++) {
      expect(Math.abs(sliding.acov[k]! - acov[k]!), `step ${t}, lag ${k}`).to.be.at.most(
        tolerance * acov[0]! + 1e-20,
      );
    }
  }
}

describe('SlidingAutocovariance', () => {
  it('equals the batch computation after any number of steps, gaps and repeats included', () => {
    const sample = fc.oneof(
      {
        weight: 8,
        arbitrary: fc
          .double({ min: 0, max: 100, noNaN: true, noDefaultInfinity: true })
          .map((v) => Math.round(v * 1e6) / 1e6),
      },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
      { weight: 2, arbitrary: fc.constant(50) },
    );
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 200 }), (samples) => {
        expectEqualToBatch(samples, 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it('stays equal over a hundred windows of an autoregression far from zero', () => {
    const random = new SeededRandom(1);
    expectEqualToBatch([...random.autoregression([0.9], 100 * CAPACITY, 1e4, 0.1)], 1e-9);
  });

  it('stays equal after a jump a billion times as large as the noise has left the window', () => {
    const random = new SeededRandom(2);
    const quiet = (count: number, level: number): number[] =>
      Array.from({ length: count }, () => level + random.normal());
    expectEqualToBatch([...quiet(60, 0), ...quiet(60, 1e9), ...quiet(150, 0)], 1e-6);
    expectEqualToBatch([...quiet(60, 0), 1e9, ...quiet(150, 0)], 1e-6);
  });

  it('knows a constant window exactly, whatever was in it before', () => {
    const sliding = new SlidingAutocovariance(CAPACITY, LAGS);
    const random = new SeededRandom(3);
    for (let t = 0; t < 100; t++) sliding.push(100 * random.uniform());
    for (let t = 0; t < CAPACITY; t++) {
      expect(sliding.constant).to.equal(false);
      sliding.push(0.1);
    }
    sliding.refresh();
    expect(sliding.constant).to.equal(true);
    expect(sliding.mean).to.equal(0.1);
    expect([...sliding.acov]).to.deep.equal(new Array(LAGS + 1).fill(0));
  });

  it('gives back its samples, newest first, and NaN for a gap', () => {
    const sliding = new SlidingAutocovariance(3, 1);
    for (const sample of [1, 2, Number.NaN, 4]) sliding.push(sample);
    expect([sliding.at(0), sliding.at(1), sliding.at(2)]).to.deep.equal([4, Number.NaN, 2]);
    expect(sliding.samples).to.equal(2);
  });

  it('refuses lags that the window does not have', () => {
    expect(() => new SlidingAutocovariance(10, 10)).to.throw(RangeError, 'lag 10');
  });
});
