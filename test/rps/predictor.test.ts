import { expect } from 'chai';
import fc from 'fast-check';
import { AutoregressiveModel } from '../../src/rps/models/autoregressive-model.js';
import { Predictor } from '../../src/rps/predictor.js';
import { trace } from './support/golden.js';
import { SeededRandom } from './support/random.js';

const PERCENT = { minimum: 0, maximum: 100 };
const small = (): Predictor =>
  new Predictor({ model: new AutoregressiveModel({ order: 2, window: 60, maxSteps: 60 }), range: PERCENT });

function fed(predictor: Predictor, samples: Iterable<number>): Predictor {
  for (const sample of samples) predictor.step(sample);
  return predictor;
}

describe('Predictor', () => {
  it('says what it can tell: empty, warming, ready, constant, lost', () => {
    const predictor = small();
    expect(predictor.status).to.equal('empty');
    expect(predictor.forecast(5, 0.95)).to.deep.include({
      status: 'empty',
      model: null,
      steps: [],
      averages: [],
    });
    expect(predictor.limit(5, 'upper', 0.95)).to.equal(null);
    fed(predictor, [40]);
    expect(predictor.forecast(5, 0.95)).to.deep.include({ status: 'warming', model: 'LAST', samples: 1 });
    fed(predictor, [41, 39, 40, 42, 38, 40, 41, 39, 40, 40, 41, 40, 39, 38, 42, 40, 41, 40]);
    expect(predictor.status).to.equal('warming');
    fed(predictor, [44]);
    expect(predictor.forecast(5, 0.95)).to.deep.include({ status: 'ready', model: 'AR(2)', samples: 20 });
    fed(predictor, new Array(60).fill(30));
    expect(predictor.status).to.equal('constant');
    expect(predictor.forecast(3, 0.95).averages[2]).to.deep.equal({
      mean: 30,
      variance: 0,
      lower: 30,
      upper: 30,
    });
    fed(predictor, new Array(10).fill(Number.NaN));
    expect(predictor.forecast(5, 0.95)).to.deep.include({ status: 'lost', model: null, steps: [] });
    expect(predictor.limit(5, 'upper', 0.95)).to.equal(null);
    expect(fed(predictor, [30]).status).to.equal('constant');
  });

  it('is wide while warming: after one quiet sample the limits span most of the range', () => {
    const [first] = fed(small(), [50]).forecast(1, 0.95).steps;
    expect(first).to.deep.include({ mean: 50, lower: 0, upper: 100 });
  });

  it('clips means and limits to the range, and keeps the variance of the error', () => {
    const random = new SeededRandom(11);
    const samples = random
      .autoregression([0.9], 300, 97, 3)
      .map((value) => Math.min(100, Math.max(0, value)));
    const { steps } = fed(small(), samples).forecast(30, 0.99);
    for (const { mean, lower, upper, variance } of steps) {
      expect(lower).to.be.at.least(0);
      expect(mean).to.be.within(lower, upper);
      expect(upper).to.be.at.most(100);
      expect(variance).to.be.above(1);
    }
    expect(steps.at(-1)!.upper).to.equal(100);
  });

  it('nests its limits: higher levels are wider, one-sided 97.5% is the end of two-sided 95%', () => {
    const predictor = fed(small(), new SeededRandom(12).autoregression([0.6, 0.1], 200, 50, 2));
    const [narrow, wide] = [0.8, 0.95].map((level) => predictor.forecast(10, level).averages[9]!);
    expect(wide!.lower).to.be.below(narrow!.lower);
    expect(wide!.upper).to.be.above(narrow!.upper);
    expect(predictor.limit(10, 'upper', 0.975)).to.be.closeTo(wide!.upper, 1e-9);
    expect(predictor.limit(10, 'lower', 0.975)).to.be.closeTo(wide!.lower, 1e-9);
    const median = predictor.limit(10, 'upper', 0.5)!;
    expect(median).to.be.within(narrow!.lower, narrow!.upper);
    expect(predictor.limit(10, 'lower', 0.5)).to.equal(median);
  });

  it('measures coverage near the nominal one, and errors below LAST’s, on its own process', () => {
    const predictor = new Predictor();
    fed(predictor, new SeededRandom(13).autoregression([0.7, -0.2], 3000, 50, 5));
    const { accuracy } = predictor.forecast(30, 0.8);
    expect(accuracy.map((entry) => entry.steps)).to.deep.equal([1, 5, 10, 30]);
    for (const { steps, step, average } of accuracy) {
      for (const { scored, coverage, errorAgainstLast } of [step, average]) {
        expect(scored).to.equal(600);
        // Averages over 30 steps overlap: their 600 outcomes are worth about 40.
        expect(coverage, `at ${steps}`).to.be.within(0.6, 0.95);
        expect(errorAgainstLast).to.be.below(0.9);
      }
    }
    expect(accuracy[0]!.step.coverage).to.be.within(0.75, 0.85);
  });

  it('measures on a recorded host what a second count of the same intervals finds', () => {
    const samples = trace('vm2-cpu-1hz').subarray(0, 900);
    const predictor = new Predictor({ range: PERCENT });
    let [inside, scored, errors, lastErrors] = [0, 0, 0, 0];
    samples.forEach((_, t) => {
      predictor.step(samples[t]!);
      if (t + 10 >= samples.length || t + 10 < samples.length - 600) return;
      const { mean, lower, upper } = predictor.forecast(10, 0.9).averages[9]!;
      const outcome = samples.slice(t + 1, t + 11).reduce((a, b) => a + b) / 10;
      scored++;
      if (outcome >= lower && outcome <= upper) inside++;
      errors += (outcome - mean) ** 2;
      lastErrors += (outcome - samples[t]!) ** 2;
    });
    const { average } = predictor.forecast(10, 0.9).accuracy[2]!;
    expect(average.scored).to.equal(scored);
    expect(average.coverage).to.be.closeTo(inside / scored, 2 / 600);
    expect(average.errorAgainstLast).to.be.closeTo(errors / lastErrors, 1e-3);
  });

  it('does not score an outcome that was missed, nor an average with a gap in it', () => {
    const predictor = fed(small(), new SeededRandom(14).autoregression([0.5], 50, 50, 2));
    const before = predictor.forecast(1, 0.9).accuracy;
    fed(predictor, [Number.NaN, 50]);
    const after = predictor.forecast(1, 0.9).accuracy;
    expect(after[0]!.step.scored).to.equal(before[0]!.step.scored + 1);
    expect(after[1]!.step.scored).to.equal(before[1]!.step.scored + 1);
    expect(after[1]!.average.scored).to.equal(before[1]!.average.scored);
  });

  it('refuses a sample that is none, and is unchanged by it', () => {
    const predictor = fed(small(), [1, 2, 3]);
    const before = predictor.forecast(5, 0.9);
    expect(() => predictor.step(Number.POSITIVE_INFINITY)).to.throw(RangeError);
    expect(predictor.forecast(5, 0.9)).to.deep.equal(before);
  });

  it('refuses levels outside (0, 1) and horizons past its most', () => {
    const predictor = fed(small(), [1, 2, 3]);
    for (const bad of [0, 1, -1, 95, Number.NaN]) {
      expect(() => predictor.forecast(5, bad)).to.throw(RangeError, 'between 0 and 1');
      expect(() => predictor.limit(5, 'upper', bad)).to.throw(RangeError, 'between 0 and 1');
    }
    expect(() => predictor.limit(61, 'upper', 0.9)).to.throw(RangeError, '1 to 60');
  });

  it('gives finite limits inside the range for any samples and gaps', () => {
    const sample = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 100 }) },
      fc.constant(Number.NaN),
    );
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 150 }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (samples, level) => {
          const { steps, averages } = fed(small(), samples).forecast(10, level);
          for (const { mean, variance, lower, upper } of [...steps, ...averages]) {
            expect(0 <= lower && lower <= upper && upper <= 100).to.equal(true);
            expect(mean).to.be.within(0, 100);
            expect(Number.isFinite(variance) && variance >= 0).to.equal(true);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('says whether its limits are calibrated, and by how many errors', () => {
    const predictor = small();
    const samples = new SeededRandom(15).autoregression([0.6], 100, 50, 2);
    fed(predictor, samples.subarray(0, 40));
    const { lower, upper, ...early } = predictor.forecast(1, 0.9).calibration;
    expect(early).to.deep.equal({ calibrated: false, errors: 20, effectiveLevel: null });
    expect([lower.effectiveLevel, upper.effectiveLevel]).to.deep.equal([null, null]);
    fed(predictor, samples.subarray(40, 70));
    // Its own average over 30 steps has not come due often enough yet: scaled from what shorter ones taught.
    expect(predictor.forecast(30, 0.9).calibration).to.include({ calibrated: false, errors: 21 });
    expect(predictor.forecast(1, 0.9).calibration).to.include({ calibrated: true, errors: 50 });
    fed(predictor, samples.subarray(70));
    const { calibrated, errors, effectiveLevel } = predictor.forecast(30, 0.9).calibration;
    expect([calibrated, errors]).to.deep.equal([true, 51]);
    expect(effectiveLevel).to.be.within(0.85, 0.95);
  });

  it('audits its limits as they were published, at the tracked level nearest to the asked one', () => {
    const predictor = fed(small(), new SeededRandom(16).autoregression([0.6], 400, 50, 2));
    expect(
      [0.5, 0.7, 0.93, 0.96, 0.999].map((level) => predictor.forecast(1, level).auditedLevel),
    ).to.deep.equal([0.5, 0.8, 0.95, 0.95, 0.99]);
    const { calibration, accuracy } = predictor.forecast(10, 0.88);
    const [lower, upper] = [calibration.lower, calibration.upper];
    expect(upper.auditedLevel).to.be.closeTo(0.95, 1e-12);
    expect(upper.held).to.be.within(0.9, 0.99);
    expect(lower.held! + upper.held! - 1).to.be.closeTo(accuracy[2]!.average.coverage!, 1e-12);
  });

  it('widens limits that outcomes went beyond, and says by how much', () => {
    const random = new SeededRandom(17);
    const predictor = fed(small(), random.autoregression([0.5], 600, 30, 1));
    const before = predictor.forecast(5, 0.9).calibration.upper;
    // The load climbs: every average ends above what was expected of it.
    fed(
      predictor,
      random.autoregression([0.5], 120, 0, 1).map((noise, t) => 30 + t / 3 + noise),
    );
    const after = predictor.forecast(5, 0.9).calibration.upper;
    expect(after.effectiveLevel).to.be.above(before.effectiveLevel! + 0.01);
    expect(after.held).to.be.below(before.held!);
  });

  it('learns from a history at once what it would have learned from the same samples, one after another', () => {
    const samples = trace('vm2-cpu-1hz').subarray(0, 600);
    const predictor = new Predictor({ range: PERCENT });
    fed(predictor, [3, 1, 4]);
    predictor.fit(samples);
    const { status, calibration, accuracy, steps } = predictor.forecast(30, 0.8);
    expect(status).to.equal('ready');
    expect(calibration).to.include({ calibrated: true, errors: 271 });
    expect(accuracy.map(({ step }) => step.scored)).to.deep.equal([300, 296, 291, 271]);
    const walked = fed(new Predictor({ range: PERCENT }), samples).forecast(30, 0.8);
    for (const h of [1, 5, 10, 30]) {
      const [fitted, stepped] = [steps[h - 1]!, walked.steps[h - 1]!];
      const width = stepped.upper - stepped.lower;
      expect(Math.abs(fitted.mean - stepped.mean), `mean at ${h}`).to.be.below(width / 4);
      expect(fitted.upper - fitted.lower, `width at ${h}`).to.be.within(width / 2, 2 * width);
    }
  });

  it('tells how long its last fit took', () => {
    let now = 0;
    const predictor = new Predictor({ stopwatchNs: () => (now += 1234) });
    expect(fed(predictor, [1]).forecast(1, 0.9).fitNs).to.equal(1234);
  });
});
