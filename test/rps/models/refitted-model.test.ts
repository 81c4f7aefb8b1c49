import { expect } from 'chai';
import { BurgModel } from '../../../src/rps/models/burg-model.js';
import { SeededRandom } from '../support/random.js';

const SIZE = { window: 120, maxSteps: 5, order: 1 };

/** Samples after a fit until the weights change, when load that was smooth begins to alternate. */
function samplesUntilFit(options: { readonly refitEvery?: number }): number {
  const random = new SeededRandom(12);
  const model = new BurgModel({ ...SIZE, ...options });
  model.fit(random.autoregression([0.9], 120, 50, 1));
  const before = model.coefficients[0];
  for (let t = 1; t < 100; t++) {
    model.step(50 + (t % 2 === 0 ? 30 : -30) + random.normal());
    if (model.coefficients[0] !== before) return t;
  }
  return Number.POSITIVE_INFINITY;
}

describe('a model that is refitted now and then', () => {
  it('is fitted every so many samples where it is told to, whatever its errors are', () => {
    expect(samplesUntilFit({ refitEvery: 30 })).to.equal(30);
    expect(samplesUntilFit({ refitEvery: Number.POSITIVE_INFINITY })).to.equal(Number.POSITIVE_INFINITY);
  });

  it('is fitted sooner by itself when its errors are larger than it says', () => {
    // Ten samples pass at least; the next one is fitted to as well.
    expect(samplesUntilFit({})).to.equal(11);
  });

  it('is fitted every 30 samples by itself when they are not', () => {
    const random = new SeededRandom(13);
    const model = new BurgModel(SIZE);
    const series = random.autoregression([0.9], 220, 50, 1);
    model.fit(series.subarray(0, 120));
    let [fits, before] = [0, model.coefficients[0]];
    for (const sample of series.subarray(120)) {
      model.step(sample);
      if (model.coefficients[0] !== before) fits++;
      before = model.coefficients[0];
    }
    expect(fits).to.equal(3);
  });
});
