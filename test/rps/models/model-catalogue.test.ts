import { expect } from 'chai';
import { modelNamed } from '../../../src/rps/models/model-catalogue.js';
import { everyModel, model } from '../support/catalogue.js';
import { trace } from '../support/golden.js';

const SIZE = { window: 600, maxSteps: 60 };
const series = trace('vm2-cpu-1hz').subarray(0, 700);

describe('the catalogue of models', () => {
  for (const name of everyModel) {
    it(`has ${name} by its name, and it is unsure after gaps as the longer way to look ahead makes it`, () => {
      const made = model(name, SIZE);
      made.fit(series.subarray(0, 600));
      const ahead = made.forecast(8)!.deviations[7]!;
      for (let i = 0; i < 5; i++) made.step(Number.NaN);
      expect(made.forecast(3)!.deviations[2]).to.be.closeTo(ahead, 0.5 * ahead);
    });
  }

  // A combination knows how its members did before; AWAIT and MANAGED keep a fit that they have.
  for (const name of everyModel.filter((each) => !/WEIGHTED|BEST|AWAIT|MANAGED/.test(each))) {
    it(`${name} fits what it has stepped over as it fits a window`, () => {
      const size = { ...SIZE, refitEvery: 30 };
      const [stepped, fitted] = [model(name, size), model(name, size)];
      stepped.fit(series.subarray(0, 600));
      for (const sample of series.subarray(600, 690)) stepped.step(sample);
      fitted.fit(series.subarray(90, 690));
      const [a, b] = [stepped.forecast(60)!, fitted.forecast(60)!];
      for (let h = 0; h < 60; h++) {
        expect(a.means[h]).to.be.closeTo(b.means[h]!, 1e-6);
        expect(a.deviations[h]).to.be.closeTo(b.deviations[h]!, 1e-6);
      }
    });
  }

  it('has no model of another name', () => {
    const names = ['', 'ar', 'LAST(2)', 'BURG', 'AR()', 'AR(16', 'ARMA', 'ARMA(1)', 'MA(1,1)'];
    const wrapped = ['MANAGED', 'MANAGED()', 'MANAGED(X)', 'REFIT(AR)', 'AWAIT(5)', 'REFIT(5,MANAGED(AR))'];
    for (const name of [...names, ...wrapped]) expect(modelNamed(name, SIZE), name).to.equal(null);
  });

  it('refuses orders that do not fit into the window, and to wait for more than it', () => {
    const orders = ['AR(0)', 'BURG(0)', 'AR(200)', 'ARI(500)', 'BM(0)', 'ARIMA(1,2,1)', 'ARMA(0,0)'];
    for (const name of [...orders, 'AWAIT(601,AR)', 'AWAIT(0,AR)', 'REFIT(0,AR)', 'MANAGED(AR(0))']) {
      expect(() => modelNamed(name, SIZE), name).to.throw(RangeError);
    }
  });
});
