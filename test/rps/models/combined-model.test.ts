import { expect } from 'chai';
import type { Model } from '../../../src/rps/models/model.js';
import { modelNamed } from '../../../src/rps/models/model-catalogue.js';
import { trace } from '../support/golden.js';
import { SeededRandom } from '../support/random.js';

const SIZE = { window: 600, maxSteps: 60 };
const NAMES = [
  'MEDIAN',
  'BM',
  'AR',
  'BURG(8)',
  'ARI',
  'ARI(4)',
  'ARFIMA',
  'SES',
  'HOLT',
  'HAR',
  'MA(2)',
  'ARMA(2,1)',
  'ARIMA(1,1,1)',
  'WEIGHTED',
  'BEST',
];

const named = (name: string): Model => modelNamed(name, SIZE)!;
const meansOf = (model: Model, steps = 60) => Array.from(model.forecast(steps)!.means.subarray(0, steps));

describe('every model of the catalogue', () => {
  const series = trace('vm2-cpu-1hz').subarray(0, 700);

  for (const name of NAMES) {
    it(`${name} forecasts a constant as itself, without error`, () => {
      const model = named(name);
      model.fit(new Float64Array(600).fill(42));
      const { means, deviations } = model.forecast(60)!;
      for (const h of [0, 9, 59]) {
        expect(means[h]).to.be.closeTo(42, 1e-9);
        expect(deviations[h]).to.be.closeTo(0, 1e-6);
      }
    });

    it(`${name} says nothing before it has enough, and after ten gaps in a row`, () => {
      const model = named(name);
      expect(model.forecast(1)).to.equal(null);
      model.fit(series.subarray(0, 600));
      for (let i = 0; i < 9; i++) model.step(Number.NaN);
      expect(Number.isFinite(model.forecast(1)!.means[0])).to.equal(true);
      model.step(Number.NaN);
      expect(model.forecast(1)).to.equal(null);
      model.step(50);
      expect(model.forecast(1)).not.to.equal(null);
    });

    it(`${name} is as unsure after gaps as the longer way to look ahead makes it`, () => {
      const model = named(name);
      model.fit(series.subarray(0, 600));
      const ahead = model.forecast(8)!.deviations[7]!;
      for (let i = 0; i < 5; i++) model.step(Number.NaN);
      expect(model.forecast(3)!.deviations[2]).to.be.closeTo(ahead, 0.5 * ahead);
    });
  }

  it('fits what it has stepped over as it fits a window', () => {
    for (const name of NAMES.filter((each) => each !== 'WEIGHTED' && each !== 'BEST')) {
      const [stepped, fitted] = [named(name), named(name)];
      stepped.fit(series.subarray(0, 600));
      for (const sample of series.subarray(600, 690)) stepped.step(sample);
      fitted.fit(series.subarray(90, 690));
      expect(meansOf(stepped), name).to.deep.equal(meansOf(fitted));
    }
  });

  it('has no model of another name, nor an order that does not fit into the window', () => {
    for (const name of ['', 'ar', 'LAST(2)', 'BURG', 'AR()', 'AR(16', 'ARMA', 'ARMA(1)', 'MA(1,1)'])
      expect(modelNamed(name, SIZE)).to.equal(null);
    for (const name of ['AR(0)', 'BURG(0)', 'AR(200)', 'ARI(500)', 'BM(0)', 'ARIMA(1,2,1)', 'ARMA(0,0)']) {
      expect(() => modelNamed(name, SIZE), name).to.throw(RangeError);
    }
  });
});

describe('combinations', () => {
  const noise = new SeededRandom(7);

  it('follow the member that is right: a trend, a mean', () => {
    const ramp = Float64Array.from({ length: 600 }, (_, t) => t + noise.normal());
    const still = Float64Array.from({ length: 600 }, () => 50 + noise.normal());
    for (const name of ['WEIGHTED', 'BEST']) {
      const model = named(name);
      model.fit(ramp);
      expect(model.forecast(10)!.means[9], name).to.be.within(590, 612);
      model.fit(still);
      expect(model.forecast(10)!.means[9], name).to.be.closeTo(50, 1);
      expect(model.forecast(10)!.deviations[9], name).to.be.within(0.8, 1.3);
      expect(model.forecast(10)!.averageDeviations[9], name).to.be.within(0.2, 0.6);
    }
  });

  it('are less wrong than persistence on a real trace, walked over', () => {
    const series = trace('vm2-cpu-1hz').subarray(0, 900);
    const model = named('WEIGHTED');
    model.fit(series.subarray(0, 600));
    let [own, last] = [0, 0];
    for (let t = 600; t < 900; t++) {
      own += (series[t]! - model.forecast(1)!.means[0]!) ** 2;
      last += (series[t]! - series[t - 1]!) ** 2;
      model.step(series[t]!);
    }
    expect(own).to.be.below(last);
  });
});
