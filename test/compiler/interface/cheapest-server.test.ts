import { expect } from 'chai';
import fc from 'fast-check';
import {
  candidatePeriods,
  cheapestServer,
  someServer,
} from '../../../src/compiler/interface/cheapest-server.js';
import { closestMiss } from '../../../src/compiler/interface/closest-miss.js';
import { proofHorizonNs, taskSet } from '../../../src/compiler/interface/demand.js';
import { leastBudget } from '../../../src/compiler/interface/least-budget.js';
import { needInWindow, needOfTasks, type Requirement } from '../../../src/compiler/interface/requirement.js';
import { type PeriodicServer, supplyOf } from '../../../src/compiler/interface/supply.js';
import type { GuestTask } from '../../../src/lang/model.js';
import { compare, rational } from '../../../src/support/rational.js';
import {
  holdsEverywhere,
  leastSupply,
  MS,
  missesDeadline,
  SMALL,
  smallTasks,
  TERMS,
  task,
  worstSupply,
} from './reference.js';

const needOf = (tasks: readonly GuestTask[]) => needOfTasks(taskSet(tasks));
const boundedNeedOf = (tasks: readonly GuestTask[]) =>
  needOfTasks(taskSet(tasks), proofHorizonNs(taskSet(tasks)));
const costOf = ({ budgetNs, periodNs }: PeriodicServer, overheadNs: number) =>
  rational(BigInt(budgetNs + overheadNs), BigInt(periodNs));

describe('the least budget for a period', () => {
  it('is that of the published examples, to the microsecond', () => {
    const first = needOf([task(7, 50, 50, MS), task(9, 75, 75, MS)]);
    expect(leastBudget(first, 10 * MS, TERMS)).to.equal(2_786_000);
    const second = needOf([task(4, 33, 33, MS), task(1, 10, 10, MS)]);
    expect(leastBudget(second, 2 * MS, TERMS)).to.equal(467_000);
    expect(leastBudget(second, 5 * MS, TERMS)).to.equal(1_286_000);
  });

  it('is the first of all budgets that holds over two hyperperiods', () => {
    let found = 0;
    fc.assert(
      fc.property(smallTasks, fc.integer({ min: 2, max: 12 }), (tasks, period) => {
        const budgets = Array.from({ length: period - 1 }, (_, index) => index + 1);
        const expected = budgets.find((budget) => holdsEverywhere(tasks, budget, period)) ?? null;
        expect(leastBudget(needOf(tasks), period, SMALL)).to.equal(expected);
        if (expected !== null) found++;
      }),
      { numRuns: 500 },
    );
    expect(found).to.be.greaterThan(50);
  });

  it('lets EDF in the server meet every deadline, and with one granule less misses one where the test says where', () => {
    let missed = 0;
    fc.assert(
      fc.property(smallTasks, fc.integer({ min: 2, max: 12 }), (tasks, period) => {
        const requirement = needOf(tasks);
        const budget = leastBudget(requirement, period, SMALL);
        if (budget === null) return;
        expect(missesDeadline(tasks, worstSupply(budget, period, 400))).to.equal(false);
        if (budget === 1) return;
        const less = requirement.test(supplyOf({ budgetNs: budget - 1, periodNs: period }, 0));
        expect(less.kind).to.equal('unmet');
        if (less.kind !== 'unmet' || less.point === null) return;
        missed++;
        const supply = worstSupply(budget - 1, period, less.point.windowNs);
        expect(missesDeadline(tasks, supply)).to.equal(true);
      }),
      { numRuns: 500 },
    );
    expect(missed).to.be.greaterThan(50);
  });

  it('keeps to what the kernel takes, to the most that is allowed, and below the period', () => {
    const tiny = needOf([task(1, 1_000_000)]);
    expect(leastBudget(tiny, 100_000, TERMS)).to.equal(2000);
    expect(leastBudget(needOf([task(7, 50), task(9, 75)]), 10, SMALL, 2)).to.equal(null);
    expect(leastBudget(needOf([task(10, 10)]), 5, SMALL)).to.equal(null);
  });
});

/** Every budget of every period, by the definition. */
function cheapestByForce(
  holds: (server: PeriodicServer) => boolean,
  terms: typeof SMALL,
): PeriodicServer | null {
  let best: PeriodicServer | null = null;
  for (let periodNs = terms.leastPeriodNs; periodNs <= terms.mostPeriodNs; periodNs++) {
    for (let budgetNs = 1; budgetNs < periodNs; budgetNs++) {
      const server = { budgetNs, periodNs };
      const cost = costOf(server, terms.overheadNs);
      if (compare(cost, terms.mostRate) > 0 || !holds(server)) continue;
      const order = best === null ? -1 : compare(cost, costOf(best, terms.overheadNs));
      if (order < 0 || (order === 0 && best !== null && periodNs > best.periodNs)) best = server;
      break;
    }
  }
  return best;
}

describe('the cheapest server', () => {
  const terms = fc.record({
    overheadNs: fc.integer({ min: 0, max: 2 }),
    tickNs: fc.integer({ min: 0, max: 3 }),
    mostRate: fc.constantFrom(rational(1n), rational(9n, 10n), rational(1n, 2n)),
  });

  it('for tasks is the cheapest of all, and of equally cheap ones that with the longest period', () => {
    let found = 0;
    fc.assert(
      fc.property(smallTasks, terms, (tasks, some) => {
        const all = { ...SMALL, ...some, mostPeriodNs: 12 };
        const { tickNs } = some;
        const expected = cheapestByForce(
          (one) => holdsEverywhere(tasks, one.budgetNs, one.periodNs, supplyOf(one, tickNs).aheadNs),
          all,
        );
        expect(cheapestServer(needOf(tasks), all)).to.deep.equal(expected);
        expect(someServer(needOf(tasks), all)).to.equal(expected !== null);
        if (expected) found++;
      }),
      { numRuns: 200 },
    );
    expect(found).to.be.greaterThan(5);
  });

  it('for any window is the cheapest of all', () => {
    let found = 0;
    const need = fc.record({
      windowNs: fc.integer({ min: 2, max: 60 }),
      demandNs: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(need, terms, ({ windowNs, demandNs }, some) => {
        const all = { ...SMALL, ...some };
        const expected = cheapestByForce((one) => {
          const { aheadNs } = supplyOf(one, some.tickNs);
          return leastSupply(one.budgetNs, one.periodNs, windowNs) - aheadNs >= demandNs;
        }, all);
        expect(cheapestServer(needInWindow({ windowNs, demandNs }), all)).to.deep.equal(expected);
        if (expected) found++;
      }),
      { numRuns: 200 },
    );
    expect(found).to.be.greaterThan(5);
  });

  it('is no dearer than the best of every period by itself, on tasks as guests have them', () => {
    const sets = [
      [task(7, 50, 50, MS), task(9, 75, 75, MS)],
      [task(4, 33, 33, MS), task(1, 10, 10, MS)],
      [task(2, 20, 12, MS), task(3, 30, 25, MS), task(5, 100, 60, MS)],
      [task(1, 4000, 4000, MS)],
    ];
    for (const tickNs of [0, 1_000_000, 4_000_000]) {
      for (const tasks of sets) {
        const all = { ...TERMS, tickNs };
        const requirement = boundedNeedOf(tasks);
        const found = cheapestServer(requirement, all);
        const each = candidatePeriods(all).flatMap((periodNs) => {
          const budgetNs = leastBudget(requirement, periodNs, all);
          return budgetNs === null ? [] : [{ budgetNs, periodNs }];
        });
        const affordable = each.filter((one) => compare(costOf(one, 20_000), TERMS.mostRate) <= 0);
        expect(found === null).to.equal(affordable.length === 0);
        for (const one of affordable) {
          expect(found && compare(costOf(found, 20_000), costOf(one, 20_000))).to.be.at.most(0);
        }
      }
    }
  });

  it('costs no more than a thousandth of a core above the cheapest of all periods in whole microseconds', () => {
    const requirement = boundedNeedOf([task(7, 50, 50, MS), task(9, 75, 75, MS)]);
    const found = cheapestServer(requirement, TERMS);
    let least = Number.POSITIVE_INFINITY;
    for (let periodNs = 2_500_000; periodNs <= 5_000_000; periodNs += 1000) {
      const budgetNs = leastBudget(requirement, periodNs, TERMS);
      if (budgetNs !== null) least = Math.min(least, (budgetNs + 20_000) / periodNs);
    }
    expect(found && (found.budgetNs + 20_000) / found.periodNs).to.be.below(least + 0.001);
  });

  it('has a period that the kernel takes, short enough where a condition may end it, and of three digits', () => {
    const periods = candidatePeriods(TERMS);
    expect(periods[0]).to.equal(100_000);
    expect(periods.at(-1)).to.equal(4_000_000_000);
    expect(periods.length).to.be.below(5000);
    for (const periodNs of periods)
      expect(Number((periodNs / 1000).toPrecision(3)) * 1000).to.equal(periodNs);
    expect(candidatePeriods({ ...TERMS, mostPeriodNs: 1_000_000_000 }).at(-1)).to.equal(1_000_000_000);
    expect(candidatePeriods({ ...TERMS, leastPeriodNs: 100_500 })[0]).to.equal(101_000);
  });
});

describe('the server that comes closest where none suffices', () => {
  const missOf = (requirement: Requirement, terms = TERMS) => {
    expect(cheapestServer(requirement, terms)).to.equal(null);
    return closestMiss(requirement, terms);
  };

  it('costs no more than it may, and shows a window in which it supplies too little', () => {
    const requirement = boundedNeedOf([task(9.4, 10, 10, MS)]);
    const miss = missOf(requirement);
    expect(miss?.point?.windowNs).to.equal(10 * MS);
    expect(miss?.point?.demandNs).to.equal(9_400_000);
    expect(miss?.point?.supplyNs).to.be.below(9_400_000);
    expect(miss && compare(costOf(miss.server, 20_000), TERMS.mostRate)).to.be.at.most(0);
  });

  it('shows none where the tasks need too much in the long run only', () => {
    expect(missOf(needOf([task(20, 21)]), { ...SMALL, mostRate: rational(9n, 10n) })).to.not.equal(null);
  });

  it('is nothing where no server may cost so little', () => {
    expect(missOf(needOf([task(1, 100)]), { ...SMALL, mostRate: rational(1n, 1000n) })).to.equal(null);
  });
});
