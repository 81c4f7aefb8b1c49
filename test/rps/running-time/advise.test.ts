import { expect } from 'chai';
import { advise, outcomeOf, type Work } from '../../../src/rps/running-time/advise.js';
import { forecastLoad } from '../../../src/rps/running-time/forecast-load.js';
import type { Outcome } from '../../../src/rps/running-time/outcomes.js';
import { SeededRandom } from '../support/random.js';
import { fairRates, knownPath, times } from './paths.js';

const S = 1e9;
const work = (seconds: number, load = 3, other: Partial<Work> = {}): Work => ({
  workNs: seconds * S,
  asker: { kind: 'fair share', rates: fairRates(2, 8), windows: null, unevenNs: 0 },
  path: knownPath(times(60, load)),
  threadsNow: load,
  processors: 2,
  startNs: 0,
  level: 0.95,
  ...other,
});

describe('advice on running times', () => {
  it('has the time, limits about it, and what it would be alone and as things are now', () => {
    const advice = advise(work(4, 3, { threadsNow: 4 }), [])!;
    expect(advice.expectedNs).to.be.closeTo(8 * S, 1);
    expect(advice.lowerNs).to.be.within(5 * S, 8 * S);
    expect(advice.upperNs).to.be.within(8 * S, 12 * S);
    expect(advice.aloneNs).to.be.closeTo(4 * S, 1);
    expect(advice.asNowNs).to.be.closeTo(10 * S, 1);
    expect(advice).to.include({ beyondHorizon: false, outcomes: 0 });
    expect(advice.like).to.deep.equal({ kind: 'fair share', workNs: 4 * S, threads: 3 });
  });

  it('says where the forecast ends before the work', () => {
    expect(advise(work(31), [])).to.include({ beyondHorizon: true });
    expect(advise(work(29), [])).to.include({ beyondHorizon: false });
  });

  it('is wider at a higher level, and for work whose share comes unevenly', () => {
    const width = (other: Partial<Work>) => {
      const advice = advise(work(0.1, 0, other), [])!;
      return advice.upperNs - advice.lowerNs;
    };
    expect(width({ level: 0.99 })).to.be.above(width({ level: 0.8 }));
    const asker = { kind: 'reservation', rates: [0.4], windows: null, unevenNs: 0 } as const;
    expect(width({ asker: { ...asker, unevenNs: 60e6 } })).to.be.above(2 * width({ asker }));
  });

  it('learns what it is regularly wrong by', () => {
    const outcomes: Outcome[] = [];
    for (let i = 0; i < 200; i++) {
      const advice = advise(work(4), outcomes)!;
      outcomes.push(outcomeOf(advice, 0.95, 10 * S));
    }
    const advice = advise(work(4), outcomes)!;
    expect(advice.expectedNs).to.be.closeTo(10 * S, 0.3 * S);
    expect(advice.lowerNs).to.be.at.most(10 * S);
    expect(advice.upperNs).to.be.at.least(10 * S);
    expect(outcomes.slice(50).every(({ inside }) => inside)).to.equal(true);
    expect(outcomes[0]).to.include({ inside: false });
    expect(outcomeOf(advice, 0.95, 20 * S)).to.include({ inside: false });
  });

  it('is null where the work is never done', () => {
    const asker = { kind: 'paused', rates: [0], windows: null, unevenNs: 0 } as const;
    expect(advise(work(1, 0, { asker }), [])).to.equal(null);
  });

  it('refuses work of no time, and levels of 0 and 1', () => {
    for (const seconds of [0, -1, Number.NaN]) {
      expect(() => advise(work(seconds), [])).to.throw(RangeError, /work is a time above 0/);
    }
    for (const level of [0, 1, -1, Number.NaN]) {
      expect(() => advise(work(1, 0, { level }), [])).to.throw(RangeError, /a level lies between 0 and 1/);
    }
    expect(() => outcomeOf(advise(work(1), [])!, 0.95, 0)).to.throw(RangeError, /takes a time above 0/);
  });

  it('does not take three quiet seconds for all that a load can be', () => {
    const path = forecastLoad(Float64Array.of(0.02, 0.02, 0.02), S, 2)!;
    expect(path.model).to.equal('LAST');
    expect(path.common(10)).to.be.above(0.2);
  });

  it('covers at its level, and is nearer than LAST, beside a simulated load on two processors', () => {
    const series = new SeededRandom(11).autoregression([0.8], 3000, 2.5).map((x) => Math.max(0, x));
    const asker = work(1).asker;
    const outcomes: Outcome[] = [];
    let [inside, own, last, random] = [0, 0, 0, new SeededRandom(12)];
    const probes = 400;
    for (let i = 0; i < probes; i++) {
      const at = 600 + i * 6;
      const seconds = [0.1, 1, 3, 10][Math.floor(random.uniform() * 4)]!;
      const path = forecastLoad(Float64Array.from(series.slice(at - 600, at)), S, 2)!;
      const threadsNow = series[at - 1]!;
      const advice = advise({ ...work(seconds), asker, path, threadsNow }, outcomes)!;
      const took = walked(seconds, series, at);
      const outcome = outcomeOf(advice, 0.95, took * S);
      if (outcome.inside) inside++;
      own += (advice.expectedNs / S - took) ** 2;
      last += (advice.asNowNs! / S - took) ** 2;
      outcomes.push(outcome);
    }
    expect(inside / probes).to.be.within(0.92, 0.98);
    expect(own / last).to.be.below(0.8);
  });
});

/** How long the work really takes beside a load: second by second, min(1, 2 / (threads + 1)). */
function walked(seconds: number, series: Float64Array, from: number): number {
  let left = seconds;
  for (let at = from; ; at++) {
    const below = Math.floor(series[at]!);
    const [here, next] = [below, below + 1].map((threads) => Math.min(1, 2 / (threads + 1)));
    const rate = here! + (series[at]! - below) * (next! - here!);
    if (left <= rate) return at - from + left / rate;
    left -= rate;
  }
}
