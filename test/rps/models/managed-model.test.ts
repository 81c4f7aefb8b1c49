import { expect } from 'chai';
import { ManagedModel } from '../../../src/rps/models/managed-model.js';
import type { Model, ModelForecast } from '../../../src/rps/models/model.js';
import { SeededRandom } from '../support/random.js';

/** Forecasts what it was told at its last fit, with a deviation of 1; counts its fits. */
class Recorder implements Model {
  readonly name = 'RECORDER';
  readonly maxSteps = 5;
  readonly minimumSamples = 3;
  samples = 0;
  fits = 0;
  #mean = 0;

  fit(window: Float64Array): void {
    this.fits++;
    this.samples = window.length;
    this.#mean = window.at(-1)!;
  }

  step(): void {
    this.samples++;
  }

  forecast(steps: number): ModelForecast {
    const means = new Float64Array(5).fill(this.#mean);
    const deviations = new Float64Array(5).fill(1);
    return { steps, means, deviations, averageMeans: means, averageDeviations: deviations };
  }
}

const noise = () => {
  const random = new SeededRandom(2);
  return () => 10 + random.normal() / 4;
};

describe('ManagedModel', () => {
  it('waits for the samples that it was told to, then fits once', () => {
    const inner = new Recorder();
    const model = new ManagedModel({ name: 'AWAIT', model: inner, window: 50, awaited: 20 });
    const next = noise();
    for (let t = 1; t <= 100; t++) {
      model.step(t === 10 ? Number.NaN : next());
      expect(inner.fits, `sample ${t}`).to.equal(t >= 21 ? 1 : 0);
      expect(model.forecast(1) === null).to.equal(t < 21);
    }
    expect(model.minimumSamples).to.equal(20);
  });

  it('fits every so many samples, to the window', () => {
    const inner = new Recorder();
    const model = new ManagedModel({ name: 'REFIT', model: inner, window: 50, refitEvery: 10 });
    model.fit(new Float64Array(80).fill(1));
    expect([inner.fits, inner.samples]).to.deep.equal([1, 50]);
    for (let t = 0; t < 35; t++) model.step(1);
    expect(inner.fits).to.equal(4);
  });

  it('fits anew when its errors leave what it states, but neither for a burst nor for ordinary noise', () => {
    const inner = new Recorder();
    const model = new ManagedModel({ name: 'MANAGED', model: inner, window: 50, alarmed: true });
    const next = noise();
    model.fit(Float64Array.from({ length: 50 }, next));
    for (let t = 0; t < 200; t++) model.step(t === 100 ? 1000 : next());
    expect(inner.fits).to.equal(1);
    for (let t = 0; t < 20; t++) model.step(next() + 10);
    expect(inner.fits).to.equal(2);
    expect(model.forecast(1)!.means[0]).to.be.closeTo(20, 2);
    for (let t = 0; t < 100; t++) model.step(next() + 10);
    expect(inner.fits).to.equal(2);
  });

  it('is not fitted at every sample where no fit helps', () => {
    const inner = new Recorder();
    const model = new ManagedModel({ name: 'MANAGED', model: inner, window: 50, alarmed: true });
    for (let t = 0; t < 303; t++) model.step(t % 2 === 0 ? 0 : 1000);
    expect(inner.fits).to.be.within(10, 31);
  });
});
