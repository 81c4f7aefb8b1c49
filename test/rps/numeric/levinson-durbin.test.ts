import { expect } from 'chai';
import fc from 'fast-check';
import { autocovariance } from '../../../src/rps/numeric/autocovariance.js';
import { LevinsonWork, levinsonDurbin } from '../../../src/rps/numeric/levinson-durbin.js';

const ORDER = 8;

describe('levinsonDurbin', () => {
  it('solves the Yule-Walker equations of any window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 30, maxLength: 120 }),
        (values) => {
          const acov = new Float64Array(ORDER + 1);
          autocovariance(Float64Array.from(values), acov, new Float64Array(values.length));
          const work = new LevinsonWork(ORDER);
          const variance = levinsonDurbin(acov, ORDER, work);
          for (let k = 1; k <= ORDER; k++) {
            let sum = 0;
            for (let i = 1; i <= ORDER; i++) sum += work.coefficients[i - 1]! * acov[Math.abs(k - i)]!;
            expect(Math.abs(sum - acov[k]!)).to.be.at.most(1e-8 * acov[0]!);
          }
          expect(variance).to.be.within(0, acov[0]!);
        },
      ),
    );
  });

  it('has coefficients 0 and variance 0 for a series without variance', () => {
    const work = new LevinsonWork(ORDER);
    expect(levinsonDurbin(new Float64Array(ORDER + 1), ORDER, work)).to.equal(0);
    expect([...work.coefficients]).to.deep.equal(new Array(ORDER).fill(0));
  });

  it('ends where nothing is left to predict, without NaN', () => {
    // The autocovariance of an endless cosine: two lags say everything.
    const acov = Float64Array.from({ length: ORDER + 1 }, (_, k) => Math.cos(0.3 * k));
    const work = new LevinsonWork(ORDER);
    expect(levinsonDurbin(acov, ORDER, work)).to.be.closeTo(0, 1e-12);
    expect(work.coefficients[0]).to.be.closeTo(2 * Math.cos(0.3), 1e-6);
    expect([...work.coefficients].every(Number.isFinite)).to.equal(true);
  });
});
