import { expect } from 'chai';
import { type Outcome, ratioDistribution } from '../../../src/rps/running-time/outcomes.js';
import { SeededRandom } from '../support/random.js';

const like = { kind: 'fair share', workNs: 1e9, threads: 1 } as const;
const outcome = (logRatio: number, other: Partial<Outcome> = {}): Outcome => ({
  ...like,
  logRatio,
  scale: 0.1,
  level: 0.95,
  inside: true,
  ...other,
});

describe('the distribution of actual over expected times', () => {
  it('is the forecast’s own where nothing was told', () => {
    const ratios = ratioDistribution([], like, 0.1);
    expect(ratios).to.include({ mean: 0, outcomes: 0 });
    expect(ratios.quantile(0.975)).to.be.closeTo(0.196, 0.01);
    expect(ratios.quantile(0.025)).to.be.closeTo(-0.196, 0.01);
  });

  it('becomes that of the outcomes of like work, lopsided as they may be', () => {
    const outcomes = Array.from({ length: 400 }, (_, i) => outcome(0.05 + 0.4 * ((i % 100) / 100)));
    const ratios = ratioDistribution(outcomes, like, 0.1);
    expect(ratios.outcomes).to.equal(400);
    expect(ratios.mean).to.be.closeTo(0.25, 0.02);
    expect(ratios.quantile(0.95)).to.be.closeTo(0.43, 0.02);
    expect(ratios.quantile(0.05)).to.be.within(-0.1, 0.09);
  });

  it('is in units of the deviation that the forecast states', () => {
    const outcomes = Array.from({ length: 400 }, (_, i) => outcome(0.1 * ((i % 5) - 2)));
    const [narrow, wide] = [0.1, 0.3].map((scale) => ratioDistribution(outcomes, like, scale).quantile(0.9));
    expect(wide).to.be.closeTo(3 * narrow!, 0.01);
  });

  it('hardly listens to work of another size, load or kind', () => {
    const others = [{ workNs: 1000e9 }, { threads: 100 }, { kind: 'reservation' as const }];
    for (const other of others) {
      const outcomes = Array.from({ length: 5 }, () => outcome(0.5, other));
      const ratios = ratioDistribution(outcomes, like, 0.1);
      expect(ratios, JSON.stringify(other)).to.include({ outcomes: 0 });
      expect(ratios.quantile(0.5)).to.be.below(0.05);
      expect(ratioDistribution(outcomes, { ...like, ...other }, 0.1).quantile(0.5)).to.be.above(0.15);
    }
  });

  it('covers what it says of errors that are not normal, once it has seen some', () => {
    const random = new SeededRandom(5);
    const outcomes: Outcome[] = [];
    let [inside, asked] = [0, 0];
    for (let i = 0; i < 1500; i++) {
      // Mostly a little, now and then a lot longer.
      const logRatio = 0.02 * random.normal() + (random.uniform() < 0.1 ? 0.5 * random.uniform() : 0);
      const ratios = ratioDistribution(outcomes.slice(-1000), like, 0.1);
      if (i >= 100) {
        asked++;
        if (logRatio >= ratios.quantile(0.025) && logRatio <= ratios.quantile(0.975)) inside++;
      }
      outcomes.push(outcome(logRatio));
    }
    expect(inside / asked).to.be.within(0.93, 0.975);
  });
});
