import { expect } from 'chai';
import fc from 'fast-check';
import {
  demandWithin,
  exactUtilisation,
  lastDeadlineBefore,
  type TaskSet,
  taskSet,
} from '../../../src/compiler/interface/demand.js';
import { testBound, testEdf } from '../../../src/compiler/interface/edf-test.js';
import { type Supply, suppliedWithin, supplyOf } from '../../../src/compiler/interface/supply.js';
import { toNumber } from '../../../src/support/rational.js';
import {
  demandOneByOne,
  holdsEverywhere,
  missesDeadline,
  smallTasks,
  task,
  worstSupply,
} from './reference.js';

const server = fc
  .integer({ min: 2, max: 10 })
  .chain((period) =>
    fc.record({ periodNs: fc.constant(period), budgetNs: fc.integer({ min: 1, max: period - 1 }) }),
  );

describe('the demand of sporadic tasks', () => {
  it('is that of every job released and due in the window', () => {
    fc.assert(
      fc.property(smallTasks, fc.integer({ min: 1, max: 120 }), (tasks, window) => {
        expect(demandWithin(taskSet(tasks), window)).to.equal(demandOneByOne(tasks, window));
      }),
    );
  });

  it('changes only at deadlines: at the last one before a window it is what it is just before', () => {
    fc.assert(
      fc.property(smallTasks, fc.integer({ min: 1, max: 120 }), (tasks, window) => {
        const last = lastDeadlineBefore(taskSet(tasks), window);
        expect(last?.demandNs ?? 0).to.equal(demandOneByOne(tasks, window - 1));
        if (last) expect(demandOneByOne(tasks, last.windowNs - 1)).to.be.below(last.demandNs);
      }),
    );
  });

  it('has the utilisation that exact fractions give', () => {
    fc.assert(
      fc.property(smallTasks, (tasks) => {
        const set = taskSet(tasks);
        expect(set.utilisation).to.be.closeTo(toNumber(exactUtilisation(set)), 1e-12);
      }),
    );
  });
});

/** dbf against sbf at every deadline up to the bound, one after the other. */
function everyDeadline(set: TaskSet, supply: Supply): boolean {
  const bound = testBound(set, supply);
  if (bound === null) return false;
  for (const { periodNs, deadlineNs } of set.tasks) {
    for (let at = Number(deadlineNs); at < bound; at += Number(periodNs)) {
      if (demandWithin(set, at) > suppliedWithin(supply, at)) return false;
    }
  }
  return true;
}

/** QPA as published for a whole processor: it steps to dbf(t), whatever the supply. */
function plainQpa(set: TaskSet, supply: Supply): boolean {
  const bound = testBound(set, supply);
  if (bound === null) return false;
  let at = lastDeadlineBefore(set, bound)?.windowNs;
  while (at !== undefined && at > 0) {
    const demand = demandWithin(set, at);
    if (demand > suppliedWithin(supply, at)) return false;
    at = demand < at ? demand : lastDeadlineBefore(set, at)?.windowNs;
  }
  return true;
}

describe('the EDF test on a supply', () => {
  it('agrees with testing every deadline', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(smallTasks, server, fc.integer({ min: 0, max: 4 }), (tasks, one, tick) => {
        const [set, supply] = [taskSet(tasks), supplyOf(one, tick)];
        const verdict = testEdf(set, supply);
        outcomes.set(verdict.kind, (outcomes.get(verdict.kind) ?? 0) + 1);
        expect(verdict.kind === 'met').to.equal(everyDeadline(set, supply));
      }),
      { numRuns: 2000 },
    );
    expect(outcomes.get('met')).to.be.greaterThan(50);
    expect(outcomes.get('unmet')).to.be.greaterThan(50);
    expect(outcomes.get('undecided') ?? 0).to.equal(0);
  });

  it('agrees with two hyperperiods, unit by unit: the bound cuts nothing off that matters', () => {
    let met = 0;
    fc.assert(
      fc.property(smallTasks, server, fc.integer({ min: 0, max: 2 }), (tasks, one, tick) => {
        const supply = supplyOf(one, tick);
        const verdict = testEdf(taskSet(tasks), supply);
        if (verdict.kind === 'met') met++;
        const holds = holdsEverywhere(tasks, one.budgetNs, one.periodNs, supply.aheadNs);
        expect(verdict.kind === 'met').to.equal(holds);
      }),
      { numRuns: 1000 },
    );
    expect(met).to.be.greaterThan(30);
  });

  it('refuses sets that the step of plain QPA accepts', () => {
    let deceived = 0;
    fc.assert(
      fc.property(smallTasks, server, (tasks, one) => {
        const [set, supply] = [taskSet(tasks), supplyOf(one, 0)];
        if (everyDeadline(set, supply)) return;
        if (plainQpa(set, supply)) deceived++;
        expect(testEdf(set, supply).kind).to.equal('unmet');
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(deceived).to.be.greaterThan(0);
  });

  it('names the window that fails, with its demand and its supply', () => {
    fc.assert(
      fc.property(smallTasks, server, (tasks, one) => {
        const verdict = testEdf(taskSet(tasks), supplyOf(one, 0));
        if (verdict.kind !== 'unmet' || verdict.point === null) return;
        const { windowNs, demandNs, supplyNs } = verdict.point;
        expect(demandNs).to.equal(demandOneByOne(tasks, windowNs)).and.greaterThan(supplyNs);
        expect(supplyNs).to.equal(worstSupply(one.budgetNs, one.periodNs, windowNs).filter(Boolean).length);
      }),
    );
  });

  it('gives as proof points that leave no deadline between them uncovered', () => {
    fc.assert(
      fc.property(smallTasks, server, (tasks, one) => {
        const [set, supply] = [taskSet(tasks), supplyOf(one, 0)];
        const verdict = testEdf(set, supply);
        if (verdict.kind !== 'met') return;
        const bound = testBound(set, supply) ?? 0;
        for (let window = 1; window < bound; window++) {
          const demand = demandOneByOne(tasks, window);
          const above = verdict.points.find((point) => point.windowNs >= window);
          const covered = demand === (lastDeadlineBefore(set, bound)?.demandNs ?? 0) && !above;
          expect(
            covered || (above && suppliedWithin(supply, window) >= Math.min(demand, above.demandNs)),
          ).to.equal(true);
        }
      }),
    );
  });

  it('refuses a server whose rate is that of the tasks: no long run is long enough to make up for the first gap', () => {
    expect(testEdf(taskSet([task(1, 10)]), supplyOf({ budgetNs: 1, periodNs: 10 }, 0))).to.deep.equal({
      kind: 'unmet',
      point: null,
    });
  });

  it('refuses what only a proof beyond the horizon would show', () => {
    const [set, supply] = [taskSet([task(1, 10)]), supplyOf({ budgetNs: 12, periodNs: 100 }, 0)];
    const bound = testBound(set, supply) ?? 0;
    expect(testEdf(set, supply, bound).kind).to.equal(testEdf(set, supply).kind);
    expect(testEdf(set, supply, bound - 1)).to.deep.equal({ kind: 'unmet', point: null });
  });

  it('stays exact where sums are near the limits of integers', () => {
    const hours = 3_600_000_000_000;
    const set = taskSet([task(1, 2, 2, hours), task(1, 7, 5, hours)]);
    const verdict = testEdf(set, supplyOf({ budgetNs: 3_000_000_000, periodNs: 4_000_000_000 }, 0));
    expect(verdict.kind).to.equal('met');
    for (const { windowNs, demandNs } of verdict.kind === 'met' ? verdict.points : []) {
      expect(BigInt(demandNs)).to.equal(
        set.tasks.reduce((sum, { costNs, periodNs, deadlineNs }) => {
          const jobs = (BigInt(windowNs) - deadlineNs) / periodNs + 1n;
          return BigInt(windowNs) < deadlineNs ? sum : sum + jobs * costNs;
        }, 0n),
      );
    }
  });
});

describe('EDF in a simulated server', () => {
  const horizon = 400;

  it('misses no deadline on the worst-case supply when the test accepts, and misses one when it names a window', () => {
    const outcomes = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(smallTasks, server, (tasks, one) => {
        const verdict = testEdf(taskSet(tasks), supplyOf(one, 0));
        const missed = missesDeadline(tasks, worstSupply(one.budgetNs, one.periodNs, horizon));
        if (verdict.kind === 'met') {
          outcomes.accepted++;
          expect(missed).to.equal(false);
        } else if (verdict.kind === 'unmet' && verdict.point && verdict.point.windowNs <= horizon) {
          outcomes.refused++;
          expect(missed).to.equal(true);
        }
      }),
      { numRuns: 600 },
    );
    expect(outcomes.accepted).to.be.greaterThan(30);
    expect(outcomes.refused).to.be.greaterThan(50);
  });

  it('misses none either when jobs come late, at any place in the supply', () => {
    let accepted = 0;
    const lateness = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(
        smallTasks,
        server,
        lateness,
        fc.integer({ min: 0, max: 20 }),
        (tasks, one, late, shift) => {
          if (testEdf(taskSet(tasks), supplyOf(one, 0)).kind !== 'met') return;
          accepted++;
          const releases = ({ periodNs }: { periodNs: bigint }): readonly number[] => {
            const times: number[] = [];
            for (
              let at = late[0] ?? 0;
              at < horizon;
              at += Number(periodNs) + (late[times.length % late.length] ?? 0)
            ) {
              times.push(at);
            }
            return times;
          };
          const supply = worstSupply(one.budgetNs, one.periodNs, horizon + shift).slice(shift);
          expect(missesDeadline(tasks, supply, releases)).to.equal(false);
        },
      ),
      { numRuns: 600 },
    );
    expect(accepted).to.be.greaterThan(20);
  });
});
