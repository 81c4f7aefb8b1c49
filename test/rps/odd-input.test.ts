import { expect } from 'chai';
import { Predictor } from '../../src/rps/predictor.js';
import { SignalStore } from '../../src/rps/signal-store.js';
import { ManualClock } from './support/manual-clock.js';
import { SeededRandom } from './support/random.js';

const PERCENT = { minimum: 0, maximum: 100 };
const DAY_S = 86_400;

/** What docs/prediction.md says of odd input, of the daemon's own predictor and of its store. */
describe('odd input', () => {
  const noise = (count: number, mean = 50): Float64Array =>
    new SeededRandom(30).autoregression([0.7], count, mean, 2);

  describe('to a predictor', () => {
    function fed(samples: Iterable<number>): Predictor {
      const predictor = new Predictor({ range: PERCENT });
      for (const sample of samples) predictor.step(sample);
      return predictor;
    }

    for (const bad of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e141]) {
      it(`refuses ${bad} as a sample and in a history, and goes on as before`, () => {
        const predictor = fed(noise(100));
        const before = predictor.limit(10, 'upper', 0.95);
        expect(() => predictor.step(bad)).to.throw(RangeError, 'is no sample');
        expect(() => predictor.fit(Float64Array.of(1, bad))).to.throw(RangeError, 'is no sample');
        expect(predictor.limit(10, 'upper', 0.95)).to.equal(before);
      });
    }

    it('takes NaN for a sample that was missed; with nothing else it is empty', () => {
      const predictor = fed([Number.NaN, Number.NaN]);
      expect(predictor.forecast(5, 0.95)).to.deep.include({ status: 'empty', model: null, steps: [] });
      predictor.fit(new Float64Array(0));
      expect(predictor.status).to.equal('empty');
    });

    it('says LAST with wide limits after two samples', () => {
      const { status, model, steps, calibration } = fed([40, 42]).forecast(5, 0.95);
      expect([status, model, calibration.calibrated]).to.deep.equal(['warming', 'LAST', false]);
      expect(steps[4]!.upper - steps[4]!.lower).to.be.above(50);
    });

    it('says the constant, without errors, of a constant series, and is wide again once it moves', () => {
      const predictor = fed(new Array(700).fill(7));
      const { status, steps, averages } = predictor.forecast(30, 0.99);
      expect(status).to.equal('constant');
      for (const one of [...steps, ...averages]) {
        expect(one).to.deep.equal({ mean: 7, variance: 0, lower: 7, upper: 7 });
      }
      for (const sample of noise(30, 60)) predictor.step(sample);
      const { upper, lower } = predictor.forecast(1, 0.95).steps[0]!;
      expect(predictor.status).to.equal('ready');
      expect(upper - lower).to.be.above(1);
    });

    it('knows nothing of what was before a gap of a year', () => {
      const predictor = fed(noise(300));
      expect(predictor.forecast(1, 0.9).calibration.calibrated).to.equal(true);
      for (let i = 0; i < 1000; i++) predictor.step(Number.NaN);
      expect(predictor.status).to.equal('lost');
      predictor.step(50);
      const { status, model, samples, calibration } = predictor.forecast(1, 0.9);
      expect({ status, model, samples }).to.deep.equal({ status: 'warming', model: 'LAST', samples: 1 });
      expect(calibration).to.include({ calibrated: false, errors: 0 });
    });

    it('refuses horizons of 0, of a day and of parts of steps, and levels of 0 and 1', () => {
      const predictor = fed(noise(50));
      for (const steps of [0, -1, 1.5, DAY_S, Number.NaN]) {
        expect(() => predictor.forecast(steps, 0.9)).to.throw(RangeError, 'looks 1 to 600 steps ahead');
        expect(() => predictor.limit(steps, 'upper', 0.9)).to.throw(RangeError, 'looks 1 to 600 steps ahead');
      }
      for (const level of [0, 1, 95, -0.5, Number.NaN]) {
        expect(() => predictor.forecast(1, level)).to.throw(RangeError, 'a level lies between 0 and 1');
        expect(() => predictor.limit(1, 'lower', level)).to.throw(RangeError, 'a level lies between 0 and 1');
      }
    });

    it('answers any level between them', () => {
      const predictor = fed(noise(400));
      const widths = [1e-9, 0.01, 0.5, 0.999, 1 - 1e-9].map((level) => {
        const { lower, upper } = predictor.forecast(3, level).steps[2]!;
        return upper - lower;
      });
      expect(widths).to.deep.equal([...widths].sort((a, b) => a - b));
      expect(widths.every(Number.isFinite)).to.equal(true);
    });
  });

  describe('to the store of signals', () => {
    let clock: ManualClock;
    let store: SignalStore;
    beforeEach(() => {
      clock = new ManualClock();
      store = new SignalStore({ clock });
    });
    const record = (values: Iterable<number>): void => {
      for (const value of values) {
        clock.leap(1e9);
        store.record('host.cpu', value);
      }
    };
    const upper = () => store.limit('host.cpu', 10e9, 'upper', 0.95);

    it('refuses a sample that is none, and goes on as before', () => {
      record(noise(100));
      const before = upper();
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1e200]) {
        expect(() => store.record('host.cpu', bad)).to.throw(RangeError);
      }
      expect(upper()).to.equal(before);
    });

    it('has no limit during a gap of a year, and starts anew after it', () => {
      record(noise(400));
      expect(upper()).to.be.a('number');
      clock.leap(365 * DAY_S * 1e9);
      expect(upper()).to.equal(null);
      expect(store.forecast('host.cpu', { horizonNs: 10e9, level: 0.9 })!.status).to.equal('lost');
      record([50]);
      const { status, samples } = store.forecast('host.cpu', { horizonNs: 10e9, level: 0.9 })!;
      expect({ status, samples }).to.deep.equal({ status: 'warming', samples: 1 });
    });

    it('does not hear of a step of the wall clock, and drops a sample from the past', () => {
      record(noise(200));
      const before = upper();
      store.record('host.cpu', 99, clock.monotonicNs() - 5_000_000_000n);
      expect(upper()).to.equal(before);
      const stepped = new ManualClock();
      const other = new SignalStore({
        clock: {
          monotonicNs: () => stepped.monotonicNs(),
          wallMs: () => stepped.wallMs() + (stepped.monotonicNs() > 105_000_000_000n ? 3_600_000 : 0),
        },
      });
      for (const value of noise(200)) {
        stepped.leap(1e9);
        other.record('host.cpu', value);
      }
      expect(other.limit('host.cpu', 10e9, 'upper', 0.95)).to.equal(before);
    });

    it('refuses a horizon of a day and levels of 0 and 1; a condition of a day is unknown', () => {
      record(noise(50));
      const ask = (horizonNs: number, level: number) => () =>
        store.forecast('host.cpu', { horizonNs, level });
      expect(ask(DAY_S * 1e9, 0.9)).to.throw(RangeError, '1 to 600 steps');
      for (const level of [0, 1]) {
        expect(ask(1e9, level)).to.throw(RangeError, 'between 0 and 1');
        expect(() => store.limit('host.cpu', 1e9, 'upper', level)).to.throw(RangeError, 'between 0 and 1');
      }
      expect(store.limit('host.cpu', DAY_S * 1e9, 'upper', 0.9)).to.equal(null);
    });
  });
});
