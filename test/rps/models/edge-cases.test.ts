import { expect } from 'chai';
import fc from 'fast-check';
import { AutoregressiveModel } from '../../../src/rps/models/autoregressive-model.js';
import type { Model, ModelForecast } from '../../../src/rps/models/model.js';
import { WarmUpModel } from '../../../src/rps/models/warm-up-model.js';
import { fitYuleWalker } from '../../../src/rps/models/yule-walker.js';
import { everyModel, model } from '../support/catalogue.js';
import { SeededRandom } from '../support/random.js';

const GAP = Number.NaN;
const SMALL = { order: 4, window: 40, maxSteps: 40 };
const SIZE = { window: 160, maxSteps: 40 };
const WARM_UP = 'the warm-up model';
const MODELS: ReadonlyMap<string, () => Model> = new Map([
  ...everyModel.map((name) => [name, () => model(name, SIZE)] as const),
  [WARM_UP, () => new WarmUpModel({ window: 160, maxSteps: 40 })],
]);
const sample = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 100 }) }, fc.constant(GAP));

/** The meant part of a forecast, copied. */
function snapshot(forecast: ModelForecast | null): number[][] | null {
  if (forecast === null) return null;
  const { steps, means, deviations, averageMeans, averageDeviations } = forecast;
  return [means, deviations, averageMeans, averageDeviations].map((array) => [...array.subarray(0, steps)]);
}

function expectFinite(made: Model): void {
  const [means, deviations, averageMeans, averageDeviations] = snapshot(made.forecast(30))!;
  for (const row of [means!, averageMeans!]) expect(row.every(Number.isFinite)).to.equal(true);
  for (const row of [deviations!, averageDeviations!]) {
    expect(row.every((value) => Number.isFinite(value) && value >= 0)).to.equal(true);
  }
}

for (const [name, make] of MODELS) {
  describe(`${name} on odd input`, () => {
    it('forecasts a constant series as that constant, its errors 0 or not yet known to be', () => {
      const made = make();
      made.fit(new Float64Array(160).fill(7.3));
      const { means, deviations, averageMeans } = made.forecast(10)!;
      for (let h = 0; h < 10; h++) {
        expect(means[h]).to.be.closeTo(7.3, 1e-12);
        expect(averageMeans[h]).to.be.closeTo(7.3, 1e-12);
        if (name !== WARM_UP) expect(deviations[h]).to.be.closeTo(0, 1e-6);
      }
    });

    it('refuses infinities and numbers too large to square', () => {
      for (const bad of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e200]) {
        expect(() => make().step(bad)).to.throw(RangeError, 'is no sample');
        expect(() => make().fit(Float64Array.of(1, bad, 2))).to.throw(RangeError, 'is no sample');
      }
    });

    it('has no forecast from no samples, nor from gaps alone, and of two only if they are enough', () => {
      const made = make();
      expect(made.forecast(5)).to.equal(null);
      for (let i = 0; i < 5; i++) made.step(GAP);
      expect(made.forecast(5)).to.equal(null);
      expect(made.samples).to.equal(0);
      made.step(3);
      made.step(4);
      expect(made.samples).to.equal(2);
      if (made.minimumSamples <= 2) expectFinite(made);
      else expect(made.forecast(5)).to.equal(null);
    });

    it('has no forecast after ten missed samples, and one again after the next', () => {
      const made = make();
      made.fit(new SeededRandom(4).autoregression([0.8], 160, 50, 3));
      for (let i = 0; i < 9; i++) made.step(GAP);
      expectFinite(made);
      made.step(GAP);
      expect(made.forecast(5)).to.equal(null);
      made.step(50);
      expectFinite(made);
    });

    it('refuses horizons that are no whole number from 1 to its most', () => {
      const made = make();
      for (const bad of [0, -1, 1.5, 41, GAP]) {
        expect(() => made.forecast(bad)).to.throw(RangeError, '1 to 40');
      }
    });

    it('has a finite forecast on, at and after a jump of ten orders of magnitude, and of the largest samples', () => {
      const random = new SeededRandom(9);
      const made = make();
      made.fit(random.autoregression([0.5], 160, 50, 3));
      for (let t = 0; t < 200; t++) {
        made.step((t < 90 ? 1e12 : 50) + random.normal());
        if (t % 15 === 0) expectFinite(made);
      }
      for (let t = 0; t < 200; t++) made.step(1e140 * Math.sin(t) ** 3);
      expectFinite(made);
    });

    it('never gives NaN, whatever has come and was missed', () => {
      fc.assert(
        fc.property(fc.array(sample, { minLength: 20, maxLength: 400 }), (samples) => {
          const made = make();
          for (const value of samples) made.step(value);
          if (made.forecast(30) !== null) expectFinite(made);
        }),
        { numRuns: 15 },
      );
    });
  });
}

for (const name of ['AR(3)', 'LAST', 'MEAN', WARM_UP]) {
  describe(`${name}, which knows all of its window at every sample`, () => {
    const make = MODELS.get(name)!;

    it('is the same whether it was fitted to a window or stepped through it', () => {
      fc.assert(
        fc.property(fc.array(sample, { minLength: 1, maxLength: 400 }), (samples) => {
          const [fitted, stepped] = [make(), make()];
          fitted.fit(Float64Array.from(samples));
          for (const value of samples) stepped.step(value);
          const [a, b] = [snapshot(fitted.forecast(8)), snapshot(stepped.forecast(8))];
          expect(a === null).to.equal(b === null);
          // Gaps among the last samples are filled by the fit of their time: only without them must both
          // agree.
          if (a === null || b === null || samples.slice(-20).some(Number.isNaN)) return;
          a.forEach((row, i) => {
            row.forEach((value, h) => {
              expect(value).to.be.closeTo(b[i]![h]!, 1e-6 * Math.max(1, Math.abs(value)));
            });
          });
        }),
        { numRuns: 60 },
      );
    });

    it('is no surer of a step the further away it is', () => {
      fc.assert(
        fc.property(fc.array(sample, { minLength: 20, maxLength: 120 }), (samples) => {
          const made = make();
          for (const value of samples) made.step(value);
          const [, deviations] = snapshot(made.forecast(30)) ?? [];
          for (let h = 1; deviations && h < 30; h++) {
            expect(deviations[h]).to.be.at.least(deviations[h - 1]! * (1 - 1e-12));
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}

describe('AutoregressiveModel', () => {
  it('says nothing before it has four samples for each parameter', () => {
    const model = new AutoregressiveModel(SMALL);
    for (let t = 0; t < 19; t++) model.step(t % 3);
    expect(model.forecast(1)).to.equal(null);
    model.step(1);
    expect(model.forecast(1)).not.to.equal(null);
  });

  it('refuses an order that its window cannot feed', () => {
    expect(() => new AutoregressiveModel({ order: 16, window: 67 })).to.throw(RangeError, 'at least 68');
    expect(() => new AutoregressiveModel({ order: 0 })).to.throw(RangeError);
  });

  it('forecasts past missed samples as it did before them, with the errors of the longer way', () => {
    const window = new SeededRandom(5).autoregression([0.7, 0.2], 600, 50, 4);
    const [before, after] = [new AutoregressiveModel(), new AutoregressiveModel()];
    before.fit(window);
    after.fit(window);
    const [means, deviations] = snapshot(before.forecast(20))!;
    for (let i = 0; i < 3; i++) after.step(GAP);
    const [laterMeans, laterDeviations] = snapshot(after.forecast(17))!;
    // The window has moved by three gaps meanwhile: the fit is nearly, not exactly, the same.
    for (let h = 0; h < 17; h++) {
      expect(laterMeans![h]).to.be.closeTo(means![h + 3]!, 0.3);
      expect(laterDeviations![h]! / deviations![h + 3]!).to.be.within(0.97, 1.03);
    }
  });

  it('finds the coefficients of a long autoregression with a fifth of its samples missing', () => {
    const random = new SeededRandom(6);
    const window = random.autoregression([0.5], 20_000, 10, 1);
    const acovOfWhole = fitYuleWalker(window, 1);
    expect(acovOfWhole.coefficients[0]).to.be.closeTo(0.5, 0.03);
    for (let t = 0; t < window.length; t++) if (random.uniform() < 0.2) window[t] = GAP;
    // A pair is there with probability 0.8 × 0.8, a sample with 0.8: the coefficient is drawn towards 0 by
    // that.
    expect(fitYuleWalker(window, 1).coefficients[0]).to.be.closeTo(0.5 * 0.8, 0.03);
  });
});

describe('fitYuleWalker', () => {
  it('refuses two samples by saying how many it needs', () => {
    expect(() => fitYuleWalker(Float64Array.of(1, 2), 1)).to.throw(RangeError, 'needs 3 samples, not 2');
    expect(() => fitYuleWalker(Float64Array.of(1, 2, GAP), 1)).to.throw(RangeError, 'needs 3 samples, not 2');
  });

  it('fits a constant window with coefficients and variance 0, and order 0 by AIC', () => {
    const fit = fitYuleWalker(new Float64Array(50).fill(3), 5);
    expect([...fit.coefficients, fit.innovationVariance]).to.deep.equal([0, 0, 0, 0, 0, 0]);
    expect(fitYuleWalker(new Float64Array(50).fill(3), 5, { aic: true }).order).to.equal(0);
  });
});

describe('WarmUpModel', () => {
  it('is widest when it has seen least: one sample leaves the whole prior', () => {
    const widths = [1, 3, 10, 30].map((count) => {
      const model = new WarmUpModel({ priorDeviation: 29 });
      for (let i = 0; i < count; i++) model.step(40);
      return model.forecast(1)!.deviations[0]!;
    });
    expect(widths[0]).to.be.closeTo(29 * Math.SQRT2, 1e-9);
    for (let i = 1; i < widths.length; i++) expect(widths[i]).to.be.below(widths[i - 1]!);
    expect(widths.at(-1)).to.be.above(5);
  });
});
