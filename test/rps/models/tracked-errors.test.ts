import { expect } from 'chai';
import { TrackedErrors } from '../../../src/rps/models/tracked-errors.js';

const HORIZONS = Int32Array.of(1, 3);
const memory = () => ({ losses: 2, squares: 100 });
const constant = (value: number) => new Float64Array(3).fill(value);

describe('TrackedErrors', () => {
  it('scores a forecast when its outcome has come, by |error|^1.5, and the last forecaster by squares too', () => {
    const errors = new TrackedErrors(2, HORIZONS, memory);
    errors.expect(0, constant(0), 3);
    errors.expect(1, constant(5), 3);
    errors.push(4);
    expect([errors.scored(0, 0), errors.scored(0, 1)]).to.deep.equal([1, 0]);
    expect([errors.meanLoss(0, 0), errors.meanLoss(1, 0), errors.meanSquare(0)]).to.deep.equal([8, 1, 1]);
    errors.push(6);
    errors.push(9);
    // Only what was said before the first sample is due; its average over three steps was 5, and came to 19/3.
    expect([errors.scored(0, 0), errors.scored(0, 1)]).to.deep.equal([1, 1]);
    expect([errors.meanLoss(0, 1), errors.meanLoss(1, 1), errors.meanSquare(1)]).to.deep.equal([27, 8, 16]);
    expect(errors.averageMeanSquare(1)).to.be.closeTo((19 / 3 - 5) ** 2, 1e-12);
  });

  it('forgets: once its memory is full older losses fade', () => {
    const errors = new TrackedErrors(1, HORIZONS, memory);
    for (const outcome of [1, 1, 0, 0]) {
      errors.expect(0, constant(0), 3);
      errors.push(outcome);
    }
    expect([errors.meanLoss(0, 0), errors.meanSquare(0)]).to.deep.equal([0.25, 0.5]);
  });

  it('scores neither gaps, nor horizons that nothing was said of, nor averages with a gap in them', () => {
    const errors = new TrackedErrors(1, HORIZONS, memory);
    errors.expect(0, constant(0), 1);
    errors.push(1);
    errors.expect(0, constant(0), 3);
    errors.push(Number.NaN);
    errors.expect(0, null, 3);
    errors.push(2);
    errors.push(3);
    expect([errors.scored(0, 0), errors.scored(0, 1)]).to.deep.equal([1, 1]);
    expect(errors.averageMeanSquare(1)).to.equal(0);
    errors.clear();
    expect([errors.scored(0, 0), errors.meanLoss(0, 0)]).to.deep.equal([0, 0]);
  });
});
