import { expect } from 'chai';
import { averageDeviations, errorCovariance, psiWeights } from '../../../src/rps/numeric/psi-weights.js';
import { SeededRandom } from '../support/random.js';

const COEFFICIENTS = [0.6, 0.3, -0.2];
const HORIZON = 12;

describe('variance of the error of an average', () => {
  it('is the sum of the error covariance over the square of the horizon', () => {
    const psi = psiWeights(Float64Array.from(COEFFICIENTS), HORIZON);
    const covariance = errorCovariance(psi, 2.5, HORIZON);
    const out = new Float64Array(HORIZON);
    averageDeviations(psi, 2.5, HORIZON, 0, new Float64Array(HORIZON), out);
    for (let h = 1; h <= HORIZON; h++) {
      let sum = 0;
      for (let i = 0; i < h; i++) for (let j = 0; j < h; j++) sum += covariance[i * HORIZON + j]!;
      expect(out[h - 1]! ** 2).to.be.closeTo(sum / h ** 2, 1e-12 * sum);
    }
  });

  for (const skipped of [0, 3]) {
    it(`is what simulated futures show, ${skipped} steps after the newest sample`, () => {
      const random = new SeededRandom(7 + skipped);
      const deviation = 1.5;
      const length = HORIZON + skipped;
      const psi = psiWeights(Float64Array.from(COEFFICIENTS), length);
      const predicted = new Float64Array(HORIZON);
      averageDeviations(psi, deviation ** 2, HORIZON, skipped, new Float64Array(length), predicted);

      const futures = 40_000;
      const squares = new Float64Array(HORIZON);
      for (let run = 0; run < futures; run++) {
        // Errors obey the recursion from a start at 0: what the forecast did not know is only the noise.
        const errors: number[] = [0, 0, 0];
        let sum = 0;
        for (let t = 1; t <= length; t++) {
          const known = COEFFICIENTS.reduce((total, c, i) => total + c * errors[errors.length - 1 - i]!, 0);
          errors.push(known + deviation * random.normal());
          if (t <= skipped) continue;
          sum += errors.at(-1)!;
          squares[t - skipped - 1]! += (sum / (t - skipped)) ** 2 / futures;
        }
      }
      // The standard error of a variance over 40,000 runs is 0.7%.
      squares.forEach((square, i) => {
        expect(square / predicted[i]! ** 2, `average over ${i + 1}`).to.be.within(0.965, 1.035);
      });
    });
  }
});

describe('psiWeights', () => {
  it('are powers of the coefficient for AR(1)', () => {
    const psi = psiWeights(Float64Array.of(0.5), 6);
    expect([...psi]).to.deep.equal([1, 0.5, 0.25, 0.125, 0.0625, 0.03125]);
  });

  it('are one 1 when only one is asked for', () => {
    expect([...psiWeights(Float64Array.of(0.5, 0.2), 1)]).to.deep.equal([1]);
  });
});
