import { expect } from 'chai';
import { ArfimaModel } from '../../../src/rps/models/arfima-model.js';
import { BurgModel } from '../../../src/rps/models/burg-model.js';
import { trace } from '../support/golden.js';
import { SeededRandom } from '../support/random.js';

const SIZE = { window: 600, maxSteps: 30 };

describe('ARFIMA', () => {
  it('is nearly the autoregression that it has been given, where there is no long memory', () => {
    const series = new SeededRandom(3).autoregression([0.5], 600, 50, 2);
    const [fractional, plain] = [new ArfimaModel(SIZE), new BurgModel({ ...SIZE, order: 1 })];
    fractional.fit(series);
    plain.fit(series);
    const [ours, reference] = [fractional.forecast(30)!, plain.forecast(30)!];
    for (const h of [1, 5, 30]) {
      expect(ours.means[h - 1]).to.be.closeTo(reference.means[h - 1]!, 0.7);
      expect(ours.deviations[h - 1]! / reference.deviations[h - 1]!).to.be.within(0.9, 1.1);
    }
  });

  it('holds the last level of a random walk, and is as unsure as the way is long', () => {
    const random = new SeededRandom(5);
    let level = 500;
    const walk = Float64Array.from({ length: 600 }, () => (level += random.normal()));
    const model = new ArfimaModel(SIZE);
    model.fit(walk);
    const { means, deviations } = model.forecast(30)!;
    expect(model.memory).to.be.above(0.7);
    expect(means[29]).to.be.closeTo(level, 3);
    expect(deviations[29]! / Math.sqrt(30)).to.be.within(0.6, 1.2);
  });

  it('returns to the mean more slowly than an autoregression the longer the memory is', () => {
    const random = new SeededRandom(8);
    const shocks = Float64Array.from({ length: 3000 }, () => random.normal());
    const series = Float64Array.from({ length: 600 }, (_, t) => {
      let [sum, weight] = [0, 1];
      for (let k = 0; k < 2400; k++) {
        sum += weight * shocks[2400 + t - k]!;
        weight *= (k + 0.45) / (k + 1);
      }
      return sum;
    });
    series.fill(8, 590);
    const [fractional, plain] = [new ArfimaModel(SIZE), new BurgModel({ ...SIZE, order: 4 })];
    fractional.fit(series);
    plain.fit(series);
    expect(fractional.memory).to.be.within(0.3, 0.8);
    expect(fractional.forecast(30)!.means[29]).to.be.above(plain.forecast(30)!.means[29]! + 0.2);
  });

  it('settles six hundred steps ahead, cut as it is, on recorded series of every source', () => {
    for (const name of ['vm2-cpu-1hz', 'rds_cpu_utilization_cc0c53', 'vm-244', 'cluster21', 'dcmean-day1']) {
      const series = trace(name);
      const model = new ArfimaModel({ window: 600, maxSteps: 600 });
      for (let end = 600; end <= series.length; end += 500) {
        const window = series.subarray(end - 600, end);
        const [low, high] = [Math.min(...window), Math.max(...window)];
        model.fit(window);
        const { means } = model.forecast(600)!;
        for (const h of [100, 300, 600]) expect(means[h - 1], `${name} ${end}`).to.be.within(low, high);
      }
    }
  });
});
