import { expect } from 'chai';
import * as fc from 'fast-check';
import { LONGEST_COST_NS, preemptionCosts } from '../../../src/enforce/calibration/preemption-costs.js';
import { type PreemptionRound, parseRounds } from '../../../src/enforce/calibration/preemption-round.js';

const PASS = 1_000;
const WARM_VISIT = 4_000;
const SWEEP = 30_000;

/** A resident that is undisturbed but for visits, each of which costs so much. */
function roundWith(costs: readonly number[]): PreemptionRound {
  const visits = costs.map((cost, index) => {
    const fromNs = 1e12 + index * 2e6;
    return { fromNs, touchedNs: fromNs + 2_000, untilNs: fromNs + 2_000 + SWEEP, core: 3, cost };
  });
  const passes = visits.map(({ fromNs, cost }) => ({
    fromNs: fromNs - 500,
    untilNs: fromNs - 500 + 3 * PASS + SWEEP + WARM_VISIT + cost,
  }));
  return { visitorClass: 'deadline', residentPassNs: PASS, warmVisitNs: WARM_VISIT, passes, visits };
}

describe('what preemptions cost', () => {
  it('is the time that nobody worked in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: LONGEST_COST_NS })), (costs) => {
        expect(preemptionCosts(roundWith(costs), 3)).to.deep.equal(costs);
      }),
    );
  });

  it('is told on the core asked for only', () => {
    expect(preemptionCosts(roundWith([20_000]), 0)).to.deep.equal([]);
  });

  it('does not count turns of others, nor what is below what can be told', () => {
    expect(preemptionCosts(roundWith([LONGEST_COST_NS + 1, 0, 9_000, -100]), 3)).to.deep.equal([9_000]);
  });

  it('does not count a visit between whose beginning and end the resident ran', () => {
    const round = roundWith([20_000]);
    const passes = round.passes.map(({ fromNs }) => ({ fromNs, untilNs: fromNs + 3 * PASS }));
    expect(preemptionCosts({ ...round, passes }, 3)).to.deep.equal([]);
  });

  it('does not count visits that follow each other too soon to be told apart', () => {
    const round = roundWith([20_000, 20_000]);
    const [first, second] = round.visits;
    if (!first || !second) throw new Error('there are two');
    const soon = { ...second, fromNs: first.untilNs + 100 };
    expect(preemptionCosts({ ...round, visits: [first, soon] }, 3)).to.deep.equal([]);
  });
});

describe('the raw times of preemptions', () => {
  it('are read round by round', () => {
    const text = 'round fifo 1400 4300\npass 10 90\nvisit 20 22 40 1\nround normal 1 2\n';
    expect(parseRounds(text)).to.deep.equal([
      {
        visitorClass: 'fifo',
        residentPassNs: 1400,
        warmVisitNs: 4300,
        passes: [{ fromNs: 10, untilNs: 90 }],
        visits: [{ fromNs: 20, touchedNs: 22, untilNs: 40, core: 1 }],
      },
      { visitorClass: 'normal', residentPassNs: 1, warmVisitNs: 2, passes: [], visits: [] },
    ]);
  });

  it('are refused where they are none', () => {
    expect(() => parseRounds('pass 10 90\n')).to.throw('pass 10 90');
    expect(() => parseRounds('round fifo 1 2\nwhat\n')).to.throw('what');
  });
});
