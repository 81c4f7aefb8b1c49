import { expect } from 'chai';
import fc from 'fast-check';
import { ErrorWindow } from '../../../src/rps/calibration/error-window.js';

describe('ErrorWindow', () => {
  it('has the quantiles of the last errors, as R’s type 6 has them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (errors, capacity, share) => {
          const window = new ErrorWindow(capacity);
          for (const error of errors) window.push(error);
          const sorted = errors.slice(-capacity).sort((a, b) => a - b);
          const n = sorted.length;
          expect(window.count).to.equal(n);
          // R: quantile(type = 6), between the k-th and the next at k = p (n + 1), for 1 ≤ k ≤ n.
          const probability = (1 + share * (n - 1)) / (n + 1);
          const place = probability * (n + 1);
          const k = Math.min(n, Math.max(1, Math.floor(place + 1e-9)));
          const below = sorted[k - 1]!;
          const above = sorted[Math.min(n, k + 1) - 1]!;
          expect(window.quantile(probability)).to.be.closeTo(below + (place - k) * (above - below), 1e-6);
        },
      ),
    );
  });

  it('goes on beyond the errors seen, and rises with the probability', () => {
    const window = new ErrorWindow(100);
    for (let i = 0; i < 100; i++) window.push((i * 37) % 100);
    const probabilities = [-0.2, 0, 0.005, 0.3, 0.5, 0.995, 1, 1.1, 1.2];
    const quantiles = probabilities.map((probability) => window.quantile(probability));
    expect(quantiles).to.deep.equal([...quantiles].sort((a, b) => a - b));
    expect(window.quantile(1)).to.be.above(99);
    expect(window.quantile(0)).to.be.below(0);
  });

  it('knows nothing after it was cleared', () => {
    const window = new ErrorWindow(3);
    window.push(1);
    window.clear();
    expect(window.count).to.equal(0);
    expect(window.quantile(0.5)).to.be.NaN;
    window.push(5);
    expect(window.quantile(0.5)).to.equal(5);
  });
});
