import { expect } from 'chai';
import * as fc from 'fast-check';
import { spread } from '../../../src/enforce/calibration/calibrate.js';
import { calibrationOf } from '../../../src/enforce/calibration/calibration.js';
import { coreCosts, quantile } from '../../../src/enforce/calibration/core-costs.js';
import type { PreemptionRound } from '../../../src/enforce/calibration/preemption-round.js';

/** Visits of no length and passes of none, so that what is between is the cost. */
function round(costs: readonly number[], visitorClass: PreemptionRound['visitorClass'] = 'deadline') {
  const at = (index: number) => 1e9 + index * 2e6;
  return {
    visitorClass,
    residentPassNs: 0,
    warmVisitNs: 0,
    passes: costs.map((cost, index) => ({ fromNs: at(index), untilNs: at(index) + cost })),
    visits: costs.map((_, index) => ({
      fromNs: at(index),
      touchedNs: at(index),
      untilNs: at(index),
      core: 0,
    })),
  };
}
/** 1, 2, … 100 us. */
const EVEN = Array.from({ length: 100 }, (_, index) => (index + 1) * 1000);

describe('what a preemption costs on a core', () => {
  it('is told by the median and by what 95% cost at most', () => {
    expect(coreCosts(0, [round(EVEN), round(EVEN), round(EVEN)])).to.deep.equal({
      core: 0,
      scheduling: 'deadline',
      preemptions: 300,
      medianNs: 50_000,
      highNs: 95_000,
    });
  });

  it('is not changed by a disturbed round among five, nor by disturbed preemptions in each', () => {
    const disturbed = EVEN.map((cost) => cost + 500_000);
    const some = EVEN.map((cost) => (cost > 96_000 ? 900_000 : cost));
    const costs = coreCosts(0, [round(some), round(disturbed), round(some), round(some), round(some)]);
    expect(costs).to.include({ medianNs: 50_000, highNs: 95_000 });
  });

  it('is not told from too few preemptions, or rounds', () => {
    expect(coreCosts(0, [round(EVEN), round(EVEN), round(EVEN.slice(0, 19))])).to.equal(null);
    expect(coreCosts(1, [round(EVEN), round(EVEN), round(EVEN)])).to.equal(null);
    expect(coreCosts(0, [])).to.equal(null);
  });

  it('is that of the class that preempted least freely', () => {
    const rounds = [round(EVEN), round(EVEN, 'fifo'), round(EVEN)];
    expect(coreCosts(0, rounds)).to.include({ scheduling: 'fifo' });
  });
});

describe('a quantile', () => {
  it('is one of the values, exceeded by at most the rest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, part) => {
          const ascending = [...values].sort((a, b) => a - b);
          const found = quantile(ascending, part);
          expect(ascending).to.include(found);
          const above = ascending.filter((value) => value > found).length;
          expect(above).to.be.at.most((1 - part) * ascending.length + 1e-6);
        },
      ),
    );
  });
});

describe('a calibration', () => {
  it('takes what the dearest core costs, in whole microseconds', () => {
    const costs = { scheduling: 'deadline', preemptions: 300, medianNs: 20_000 } as const;
    const cores = [
      { ...costs, core: 0, highNs: 31_400 },
      { ...costs, core: 1, highNs: 44_010, scheduling: 'normal' as const },
    ];
    const calibration = calibrationOf(cores, { kernelRelease: '6.1.0', measuredAt: new Date(0) });
    expect(calibration).to.include({
      contextSwitchesNs: 45_000,
      scheduling: 'normal',
      kernelRelease: '6.1.0',
      measuredAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('looks at the first and the last core, and evenly between', () => {
    expect(spread([0, 1, 2], 4)).to.deep.equal([0, 1, 2]);
    expect(spread([0, 1, 2, 3, 8, 9, 10, 11], 4)).to.deep.equal([0, 2, 9, 11]);
  });
});
