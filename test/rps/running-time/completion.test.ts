import { expect } from 'chai';
import { type Asker, rateBeside } from '../../../src/rps/running-time/asker.js';
import { completionOf } from '../../../src/rps/running-time/completion.js';
import { LoadPath } from '../../../src/rps/running-time/load-path.js';
import { fairRates, forecastOf, knownPath, times } from './paths.js';

const S = 1e9;
const owner: Asker = { kind: 'fair share', rates: fairRates(2, 8), windows: null, unevenNs: 0 };
const secondsOf = (work: number, asker: Asker, path: LoadPath, startS = 0): number | null => {
  const completion = completionOf(work * S, asker, path, startS * S);
  return completion === null ? null : completion.meanNs / S;
};

describe('the rate beside other threads', () => {
  it('lies between whole numbers as a thread that wants to run for a part of the time leaves it', () => {
    expect(rateBeside(fairRates(2, 4), 1.5)).to.be.closeTo((1 + 2 / 3) / 2, 1e-12);
    expect(rateBeside(fairRates(2, 4), -1)).to.equal(1);
    expect(rateBeside(fairRates(2, 4), 99)).to.equal(2 / 5);
  });
});

describe('when work will be done', () => {
  it('is at once what it needs where nobody competes, and longer by the others’ part where they do', () => {
    expect(secondsOf(3.5, owner, knownPath(times(20, 1)))).to.be.closeTo(3.5, 1e-9);
    expect(secondsOf(3.5, owner, knownPath(times(20, 3)))).to.be.closeTo(7, 1e-9);
  });

  it('follows a load that changes on the way', () => {
    // 10 s of work in 10 s beside nobody, then half a processor beside three.
    const path = knownPath([...times(10, 0), ...times(30, 3)]);
    expect(secondsOf(12, owner, path)).to.be.closeTo(14, 1e-9);
    expect(secondsOf(9.25, owner, path)).to.be.closeTo(9.25, 1e-9);
  });

  it('rests on the long-run mean beyond the horizon', () => {
    expect(secondsOf(25, owner, knownPath(times(10, 0), 3))).to.be.closeTo(10 + 30, 1e-9);
  });

  it('counts the time in windows alone, from where their period is now', () => {
    // 60 ms from 20 ms on, every 100 ms.
    const windows = { hyperperiodNs: 100e6, windows: [{ startNs: 20e6, endNs: 80e6 }] };
    const guest: Asker = { kind: 'duty cycle', rates: [1], windows, unevenNs: 0 };
    const path = knownPath(times(5, 0));
    expect(secondsOf(0.03, guest, path)).to.be.closeTo(0.05, 1e-9);
    expect(secondsOf(0.03, guest, path, 7.06)).to.be.closeTo(0.07, 1e-6);
    expect(secondsOf(0.6, guest, path)).to.be.closeTo(0.98, 1e-9);
    // Far beyond the horizon too: 100 periods less what is shut at the end of the last one.
    expect(secondsOf(6, guest, path)).to.be.closeTo(9.98, 1e-9);
    expect(secondsOf(0.3, { ...guest, rates: [0.5] }, path)).to.be.closeTo(0.98, 1e-9);
  });

  it('is never where nothing is left to the asker', () => {
    expect(secondsOf(1, { ...owner, rates: [0] }, knownPath(times(5, 0)))).to.equal(null);
    expect(secondsOf(1, { ...owner, rates: [1, 0] }, knownPath(times(5, 1)))).to.equal(null);
    const never = { hyperperiodNs: 1e9, windows: [{ startNs: 0, endNs: 0 }] };
    expect(secondsOf(1, { ...owner, windows: never }, knownPath(times(5, 0)))).to.equal(null);
  });

  it('is the sooner and the later as surely as the average load is known', () => {
    // Errors that are the same at every step: the average is no surer than a step.
    const sure = new LoadPath(
      'M',
      S,
      forecastOf(
        times(60, 5),
        () => 0,
        () => 0,
      ),
      { longRunMean: 5, samples: Number.POSITIVE_INFINITY },
    );
    const same = new LoadPath(
      'M',
      S,
      forecastOf(
        times(60, 5),
        () => 1,
        () => 1,
      ),
      { longRunMean: 5, samples: Number.POSITIVE_INFINITY },
    );
    // Independent errors: the average of h steps is √h times as sure, and each has its own.
    const apart = new LoadPath(
      'M',
      S,
      forecastOf(
        times(60, 5),
        () => 1,
        (h) => 1 / Math.sqrt(h),
      ),
      { longRunMean: 5, samples: Number.POSITIVE_INFINITY },
    );
    const deviation = (path: LoadPath) => completionOf(10 * S, owner, path, 0)!.logDeviation;
    expect(deviation(sure)).to.equal(0);
    // Beside 4 or 6 threads instead of 5: 2/5 and 2/7 of a processor.
    expect(deviation(same)).to.be.closeTo(Math.log(7 / 5) / 2, 1e-9);
    expect(deviation(apart)).to.be.within(0.1 * deviation(same), 0.3 * deviation(same));
  });

  it('is longer on the mean where the load varies: what is lost beside many is not won beside few', () => {
    const apart = new LoadPath(
      'M',
      S,
      forecastOf(
        times(60, 1),
        () => 1,
        (h) => 1 / Math.sqrt(h),
      ),
      { longRunMean: 1, samples: Number.POSITIVE_INFINITY },
    );
    expect(secondsOf(10, owner, apart)).to.be.within(11, 14);
  });
});

describe('the forecast that is walked', () => {
  it('takes the error of each step apart so that the shared parts add up to that of their sum', () => {
    const path = new LoadPath(
      'M',
      S,
      forecastOf(
        times(9, 2),
        () => 1,
        (h) => h ** -0.3,
      ),
      { longRunMean: 2, samples: Number.POSITIVE_INFINITY },
    );
    let sum = 0;
    for (let h = 1; h <= 9; h++) {
      sum += path.common(h);
      expect(sum / h).to.be.closeTo(h ** -0.3, 1e-12);
      expect(Math.hypot(path.common(h), path.own(h))).to.be.closeTo(1, 1e-12);
    }
    expect(path.common(10)).to.be.closeTo(9 ** -0.3, 1e-12);
  });

  it('knows the mean that it returns to no better than its samples do', () => {
    const forecast = forecastOf(
      times(400, 2),
      (step) => Math.sqrt(1 - 0.81 ** step),
      (steps) => 1 / Math.sqrt(steps),
    );
    const [few, many, all] = [100, 400, Number.POSITIVE_INFINITY].map(
      (samples) => new LoadPath('M', S, forecast, { longRunMean: 2, samples }),
    );
    // Far ahead nothing is left of the newest samples: the error of the mean is that of 100, or 400, samples.
    expect(few!.common(300) ** 2 - all!.common(300) ** 2).to.be.closeTo(1 / 100, 1e-6);
    expect(many!.common(300) ** 2 - all!.common(300) ** 2).to.be.closeTo(1 / 400, 1e-6);
    // One step ahead the newest sample says most: 0.9 of it is left.
    expect(few!.common(1) ** 2 - all!.common(1) ** 2).to.be.closeTo(0.01 / 100, 1e-6);
  });

  it('averages the load beyond its horizon with the long-run mean', () => {
    const path = knownPath([1, 3], 5);
    expect([1, 2, 4].map((steps) => path.average(steps))).to.deep.equal([1, 2, (1 + 3 + 5 + 5) / 4]);
  });
});
