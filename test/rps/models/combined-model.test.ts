import { expect } from 'chai';
import { model } from '../support/catalogue.js';
import { trace } from '../support/golden.js';
import { SeededRandom } from '../support/random.js';

const SIZE = { window: 600, maxSteps: 60 };

describe('combinations', () => {
  const noise = new SeededRandom(7);

  it('follow the member that is right: a trend, a mean', () => {
    const ramp = Float64Array.from({ length: 600 }, (_, t) => t + noise.normal());
    const still = Float64Array.from({ length: 600 }, () => 50 + noise.normal());
    for (const name of ['WEIGHTED', 'BEST']) {
      const made = model(name, SIZE);
      made.fit(ramp);
      expect(made.forecast(10)!.means[9], name).to.be.within(590, 612);
      made.fit(still);
      expect(made.forecast(10)!.means[9], name).to.be.closeTo(50, 1);
      expect(made.forecast(10)!.deviations[9], name).to.be.within(0.8, 1.3);
      expect(made.forecast(10)!.averageDeviations[9], name).to.be.within(0.2, 0.6);
    }
  });

  it('are less wrong than persistence on a real trace, walked over', () => {
    const series = trace('vm2-cpu-1hz').subarray(0, 900);
    const made = model('WEIGHTED', SIZE);
    made.fit(series.subarray(0, 600));
    let [own, last] = [0, 0];
    for (let t = 600; t < 900; t++) {
      own += (series[t]! - made.forecast(1)!.means[0]!) ** 2;
      last += (series[t]! - series[t - 1]!) ** 2;
      made.step(series[t]!);
    }
    expect(own).to.be.below(last);
  });

  it('forecast from the newest sample, whatever was asked before', () => {
    const series = trace('vm2-cpu-1hz').subarray(0, 700);
    const [asked, unasked] = [model('WEIGHTED', SIZE), model('WEIGHTED', SIZE)];
    for (const made of [asked, unasked]) made.fit(series.subarray(0, 600));
    for (const sample of series.subarray(600)) {
      asked.forecast(60);
      asked.forecast(5);
      asked.step(sample);
      unasked.step(sample);
    }
    const [a, b] = [asked.forecast(40)!, unasked.forecast(40)!];
    for (const field of ['means', 'deviations', 'averageMeans', 'averageDeviations'] as const) {
      expect([...a[field].subarray(0, 40)], field).to.deep.equal([...b[field].subarray(0, 40)]);
    }
  });
});
