import { expect } from 'chai';
import fc from 'fast-check';
import { ExactLikelihood } from '../../../src/rps/numeric/exact-likelihood.js';
import { coefficientsFromReals } from '../../../src/rps/numeric/partial-transform.js';
import { SeededRandom } from '../support/random.js';

/** Autocovariances of an ARMA at lags 0 … n − 1 for shocks of variance 1, from two thousand of its weights of shocks. */
function autocovariances(phi: Float64Array, theta: Float64Array, n: number): number[] {
  const psi: number[] = [];
  for (let j = 0; j < 2000 + n; j++) {
    let weight = j === 0 ? 1 : (theta[j - 1] ?? 0);
    for (let i = 0; i < phi.length && i < j; i++) weight += phi[i]! * psi[j - 1 - i]!;
    psi.push(weight);
  }
  return Array.from({ length: n }, (_, lag) =>
    psi.slice(0, 2000).reduce((sum, weight, j) => sum + weight * psi[j + lag]!, 0),
  );
}

/** log det and x′ Γ⁻¹ x by Cholesky of the whole covariance matrix: nothing recursive in time. */
function wholeMatrix(x: Float64Array, covariances: readonly number[]): { log: number; square: number } {
  const n = x.length;
  const rows: number[][] = [];
  const solved: number[] = [];
  let [log, square] = [0, 0];
  for (let i = 0; i < n; i++) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      let sum = covariances[i - j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * (rows[j] ?? row)[k]!;
      row.push(i === j ? Math.sqrt(sum) : sum / rows[j]![j]!);
    }
    rows.push(row);
    log += 2 * Math.log(row[i]!);
    const value = solved.reduce((rest, earlier, k) => rest - row[k]! * earlier, x[i]!) / row[i]!;
    solved.push(value);
    square += value * value;
  }
  return { log, square };
}

describe('the exact likelihood', () => {
  const real = fc.double({ min: -1.2, max: 1.2, noNaN: true });

  it('is that of the whole covariance matrix, for any stationary and invertible ARMA', () => {
    const random = new SeededRandom(21);
    fc.assert(
      fc.property(fc.array(real, { maxLength: 3 }), fc.array(real, { maxLength: 3 }), (ar, ma) => {
        const [phi, theta] = [new Float64Array(ar.length), new Float64Array(ma.length)];
        coefficientsFromReals(Float64Array.from(ar), 0, ar.length, new Float64Array(3), phi);
        coefficientsFromReals(Float64Array.from(ma), 0, ma.length, new Float64Array(3), theta);
        const n = 25;
        const x = Float64Array.from({ length: n }, () => random.normal());
        const { log, square } = wholeMatrix(x, autocovariances(phi, theta, n));
        const criterion = new ExactLikelihood(ar.length, ma.length, n);
        const squares = criterion.run(x, n, 0, { phi, theta });
        expect(squares / (square * Math.exp(log / n))).to.be.closeTo(1, 1e-8);
        expect(criterion.variance / (square / n)).to.be.closeTo(1, 1e-8);
        const sum = criterion.errors.reduce((total, error) => total + error * error, 0);
        expect(sum / squares).to.be.closeTo(1, 1e-12);
      }),
      { numRuns: 40 },
    );
  });
});
