import { expect } from 'chai';
import { Predictor } from '../../src/rps/predictor.js';
import { SignalStore } from '../../src/rps/signal-store.js';
import { ManualClock } from './support/manual-clock.js';
import { SeededRandom } from './support/random.js';

describe('SignalStore', () => {
  let clock: ManualClock;
  let store: SignalStore;

  beforeEach(() => {
    clock = new ManualClock();
    store = new SignalStore({ clock, keepNs: 100e9 });
  });

  /** One sample a second; null: missed. Time stands at the last one afterwards. */
  function record(signal: string, values: Iterable<number | null>): void {
    for (const value of values) {
      clock.leap(1e9);
      if (value !== null) store.record(signal, value);
    }
  }

  const noise = (count: number): Float64Array => new SeededRandom(20).autoregression([0.8], count, 50, 3);

  it('knows nothing of a signal without samples', () => {
    expect(store.latest('owner.demand')).to.equal(null);
    expect(store.limit('owner.demand', 10e9, 'upper', 0.95)).to.equal(null);
    expect(store.forecast('owner.demand', { horizonNs: 10e9, level: 0.95 })).to.equal(null);
    expect(store.history('owner.demand')).to.equal(null);
    expect(store.signals()).to.deep.equal([]);
    expect(store.signal('owner.demand')).to.equal(null);
  });

  it('answers a forecast in the form of the route, with times and limits for each step', () => {
    record('owner.demand', noise(300));
    const answer = store.forecast('owner.demand', { horizonNs: 10e9, level: 0.95 })!;
    expect(answer).to.deep.include({
      signal: 'owner.demand',
      unit: '% of cpu',
      atMs: clock.wallMs(),
      stepNs: 1e9,
      level: 0.95,
      model: 'WEIGHTED',
      samples: 100,
      status: 'ready',
    });
    expect(answer.steps.map((step) => step.horizonNs)).to.deep.equal(
      Array.from({ length: 10 }, (_, i) => (i + 1) * 1e9),
    );
    expect(answer.average!.upper).to.be.above(answer.average!.mean);
    expect(answer.coverage).to.equal(answer.accuracy[2]!.average.coverage);
    expect(answer.errorAgainstLast).to.equal(answer.accuracy[2]!.average.errorAgainstLast);
    expect(answer.fitNs).to.be.above(0);
    expect(JSON.parse(JSON.stringify(answer))).to.deep.equal(answer);
  });

  it('rounds a horizon up to whole steps, and refuses more than 600 of them', () => {
    record('owner.demand', noise(100));
    expect(store.forecast('owner.demand', { horizonNs: 1, level: 0.9 })!.steps).to.have.length(1);
    expect(store.forecast('owner.demand', { horizonNs: 2.1e9, level: 0.9 })!.steps).to.have.length(3);
    expect(() => store.forecast('owner.demand', { horizonNs: 601e9, level: 0.9 })).to.throw(
      RangeError,
      '600',
    );
    expect(store.limit('owner.demand', 601e9, 'upper', 0.9)).to.equal(null);
  });

  it('gives conditions the one-sided limit of the average', () => {
    record('owner.demand', noise(300));
    const upper = store.limit('owner.demand', 10e9, 'upper', 0.975)!;
    const { average } = store.forecast('owner.demand', { horizonNs: 10e9, level: 0.95 })!;
    expect(upper).to.be.closeTo(average!.upper, 1e-9);
    expect(store.limit('owner.demand', 10e9, 'lower', 0.975)).to.be.closeTo(average!.lower, 1e-9);
  });

  it('makes a predictor when it is first asked for, as if it had been there, and gives it up when nobody asks', () => {
    let made = 0;
    const makePredictor = (): Predictor => {
      made++;
      return new Predictor();
    };
    store = new SignalStore({ clock, predictor: makePredictor });
    const always = new Predictor();
    const samples = noise(900);
    record('owner.demand', samples);
    for (const sample of samples) always.step(sample);
    expect(made, 'nobody has asked').to.equal(0);
    const asked = store.forecast('owner.demand', { horizonNs: 10e9, level: 0.9 })!;
    const expected = always.forecast(10, 0.9);
    expect(asked.accuracy).to.deep.equal(expected.accuracy);
    expect(asked.steps.map(({ upper }) => upper)).to.deep.equal(expected.steps.map(({ upper }) => upper));
    record('owner.demand', noise(500));
    store.limit('owner.demand', 10e9, 'upper', 0.9);
    expect(made, 'asked for again').to.equal(1);
    record('owner.demand', noise(602));
    store.limit('owner.demand', 10e9, 'upper', 0.9);
    expect(made, 'after ten minutes without a question').to.equal(2);
  });

  it('loses a signal whose samples stop: to conditions after 3 s, as a forecast after ten steps', () => {
    record('owner.demand', noise(100));
    clock.leap(3e9);
    expect(store.latest('owner.demand')).to.be.a('number');
    expect(store.limit('owner.demand', 10e9, 'upper', 0.95)).to.be.a('number');
    clock.leap(0.1e9);
    expect(store.latest('owner.demand')).to.equal(null);
    expect(store.limit('owner.demand', 10e9, 'upper', 0.95)).to.equal(null);
    clock.leap(9e9);
    const lost = store.forecast('owner.demand', { horizonNs: 10e9, level: 0.95 })!;
    expect(lost).to.deep.include({ status: 'lost', steps: [], average: null, model: null });
    store.record('owner.demand', 50);
    expect(store.latest('owner.demand')).to.equal(50);
    expect(store.forecast('owner.demand', { horizonNs: 10e9, level: 0.95 })!.status).to.equal('ready');
  });

  it('widens a forecast by the samples that are overdue', () => {
    record('owner.demand', noise(100));
    const variance = (): number =>
      store.forecast('owner.demand', { horizonNs: 1e9, level: 0.9 })!.steps[0]!.variance;
    const fresh = variance();
    clock.leap(2.6e9);
    expect(variance()).to.be.above(1.5 * fresh);
  });

  it('has another revision of a signal for each sample and each gap, never one that was, and the same in between', () => {
    expect(store.revision('owner.demand')).to.equal(null);
    const seen: (number | null)[] = [];
    const look = () => seen.push(store.revision('owner.demand'));
    record('owner.demand', [50]);
    look();
    clock.leap(0.4e9);
    expect(store.revision('owner.demand')).to.equal(seen.at(-1));
    clock.leap(0.6e9);
    store.record('owner.demand', 50);
    look();
    clock.leap(1.6e9); // The next sample is overdue.
    look();
    store.record('host.cpu', 1);
    expect(store.revision('owner.demand')).to.equal(seen.at(-1));
    store.forget('owner.demand');
    expect(store.revision('owner.demand')).to.equal(null);
    store.record('owner.demand', 50);
    look();
    expect(new Set(seen).size).to.equal(4);
  });

  it('keeps missed samples as gaps, and never invents one', () => {
    record('host.cpu', [1, 2, null, null, 5]);
    expect(store.history('host.cpu')).to.deep.equal({
      signal: 'host.cpu',
      unit: '% of cpu',
      fromMs: clock.wallMs() - 4000,
      stepNs: 1e9,
      values: [1, 2, null, null, 5],
    });
    clock.leap(2e9);
    expect(store.history('host.cpu')!.values).to.deep.equal([1, 2, null, null, 5, null]);
  });

  it('puts a late sample in the nearest place and drops a second one for it', () => {
    store.record('host.cpu', 1);
    clock.leap(1.4e9);
    store.record('host.cpu', 2);
    clock.leap(0.05e9);
    store.record('host.cpu', 9);
    clock.leap(0.55e9);
    store.record('host.cpu', 3);
    expect(store.history('host.cpu')!.values).to.deep.equal([1, 2, 3]);
  });

  it('averages history over longer steps, from a time on, and forgets what is older than it keeps', () => {
    record(
      'host.cpu',
      Array.from({ length: 150 }, (_, i) => i),
    );
    expect(store.history('host.cpu')!.values).to.have.length(100);
    expect(store.history('host.cpu')!.values[0]).to.equal(50);
    const recent = store.history('host.cpu', { fromMs: clock.wallMs() - 5000, stepNs: 3e9 })!;
    expect(recent).to.deep.include({ stepNs: 3e9, values: [145, 148], fromMs: clock.wallMs() - 5000 });
  });

  it('survives a pause longer than everything that it keeps', () => {
    record('host.cpu', noise(120));
    clock.leap(1e15);
    store.record('host.cpu', 50);
    expect(store.history('host.cpu')!.values.at(-1)).to.equal(50);
    expect(
      store
        .history('host.cpu')!
        .values.slice(0, -1)
        .every((value) => value === null),
    ).to.equal(true);
    expect(store.forecast('host.cpu', { horizonNs: 1e9, level: 0.9 })).to.deep.include({
      status: 'warming',
      samples: 1,
    });
  });

  it('holds a Boolean as 1 or 0, without a forecast', () => {
    store.record('host.on-battery', 1);
    expect(store.latest('host.on-battery')).to.equal(1);
    expect(store.forecast('host.on-battery', { horizonNs: 1e9, level: 0.9 })).to.equal(null);
    expect(store.limit('host.on-battery', 1e9, 'upper', 0.9)).to.equal(null);
    clock.leap(29e9);
    expect(store.latest('host.on-battery'), 'three steps of 10 s have not passed').to.equal(1);
    expect(store.signals()).to.deep.equal([
      { signal: 'host.on-battery', unit: 'boolean', stepNs: 10e9, samples: 1, latest: 1, forecast: false },
    ]);
  });

  it('refuses NaN and infinities, and stays as it was', () => {
    record('host.cpu', [1]);
    clock.leap(1e9);
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY, 1e300]) {
      expect(() => store.record('host.cpu', bad)).to.throw(RangeError);
    }
    store.record('host.cpu', 2);
    expect(store.history('host.cpu')!.values).to.deep.equal([1, 2]);
  });

  it('holds ten thousand signals, and makes predictors only of those that are asked about', () => {
    let made = 0;
    store = new SignalStore({
      clock,
      keepNs: 100e9,
      predictor: ({ range }) => {
        made++;
        return new Predictor({ range });
      },
    });
    for (let second = 0; second < 80; second++) {
      clock.leap(1e9);
      for (let i = 0; i < 10_000; i++) store.record(`s${i}`, i + (second % 2));
    }
    expect(store.signals()).to.have.length(10_000);
    expect(store.latest('s7777')).to.equal(7778);
    expect(made).to.equal(0);
    expect(store.forecast('s7777', { horizonNs: 1e9, level: 0.9 })?.status).to.equal('ready');
    expect(made).to.equal(1);
  }).timeout(60_000);
});
