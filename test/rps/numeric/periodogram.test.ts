import { expect } from 'chai';
import { LocalWhittle, whittleFrequencies } from '../../../src/rps/numeric/local-whittle.js';
import { Periodogram } from '../../../src/rps/numeric/periodogram.js';
import { goldenSeries } from '../support/golden.js';
import { SeededRandom } from '../support/random.js';

function deviationsOf(x: ArrayLike<number>): Float64Array {
  const mean = Array.from(x).reduce((sum, value) => sum + value, 0) / x.length;
  return Float64Array.from(x, (value) => value - mean);
}

function memoryOf(x: ArrayLike<number>): number {
  const n = x.length;
  const periodogram = new Periodogram(n);
  periodogram.fill(deviationsOf(x), n, whittleFrequencies(n));
  return new LocalWhittle(n).memory(periodogram.ordinates, n);
}

/** Noise whose d-th difference is white: each sample the sum of all shocks before, fading as k^(d−1). */
function longMemory(d: number, count: number, random: SeededRandom): Float64Array {
  const length = 4 * count;
  const shocks = Float64Array.from({ length }, () => random.normal());
  return Float64Array.from({ length: count }, (_, t) => {
    let [sum, weight] = [0, 1];
    for (let k = 0; k <= length - count + t; k++) {
      sum += weight * shocks[length - count + t - k]!;
      weight *= (k + d) / (k + 1);
    }
    return sum;
  });
}

describe('the periodogram', () => {
  for (const [name, golden] of goldenSeries) {
    it(`regressed as Geweke and Porter-Hudak do gives the d of R's fdGPH on ${name}`, () => {
      const n = golden.x.length;
      const count = Math.floor(Math.sqrt(n));
      const periodogram = new Periodogram(n);
      periodogram.fill(deviationsOf(golden.x), n, count);
      const x = Array.from({ length: count }, (_, j) => 2 * Math.log(2 * Math.sin((Math.PI * (j + 1)) / n)));
      const y = Array.from(periodogram.ordinates.subarray(0, count), Math.log);
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / count;
      const [middleX, middleY] = [mean(x), mean(y)];
      const cross = x.reduce((sum, value, j) => sum + (value - middleX) * (y[j]! - middleY), 0);
      const power = x.reduce((sum, value) => sum + (value - middleX) ** 2, 0);
      expect(-cross / power).to.be.closeTo(golden.gph.d, 1e-9);
    });
  }
});

describe('the local Whittle estimate', () => {
  const random = new SeededRandom(11);

  for (const d of [0, 0.2, 0.4]) {
    it(`finds the memory d = ${d} of simulated series within its standard error, 1 / 2√m`, () => {
      const found = Array.from({ length: 20 }, () => memoryOf(longMemory(d, 600, random)));
      const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
      const deviation = 1 / (2 * Math.sqrt(whittleFrequencies(600)));
      // Of the mean of twenty, four deviations; finite samples bias it by less than that.
      expect(mean).to.be.closeTo(d, 4 * (deviation / Math.sqrt(20)));
      for (const value of found) expect(value).to.be.closeTo(d, 5 * deviation);
    });
  }

  it('stops at 0.95 on a random walk, and says 0 of a constant', () => {
    let level = 0;
    const walk = Array.from({ length: 600 }, () => (level += random.normal()));
    expect(memoryOf(walk)).to.be.within(0.75, 0.95);
    expect(memoryOf(walk.map((_, t) => t))).to.be.closeTo(0.95, 1e-5);
    expect(memoryOf(walk.map(() => 3))).to.equal(0);
  });
});
