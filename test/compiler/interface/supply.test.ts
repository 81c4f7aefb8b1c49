import { expect } from 'chai';
import fc from 'fast-check';
import { aheadNs, suppliedWithin, supplyOf, windowToSupply } from '../../../src/compiler/interface/supply.js';
import { leastSupply, worstSupply } from './reference.js';

const server = fc
  .integer({ min: 2, max: 14 })
  .chain((period) =>
    fc.record({ periodNs: fc.constant(period), budgetNs: fc.integer({ min: 1, max: period - 1 }) }),
  );

describe('the supply of a periodic server', () => {
  it('is the least that any window can get, wherever in each period the budget is given', () => {
    fc.assert(
      fc.property(server, fc.integer({ min: 1, max: 60 }), (one, window) => {
        const expected = leastSupply(one.budgetNs, one.periodNs, window);
        expect(suppliedWithin(supplyOf(one, 0), window)).to.equal(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('is what the worst case gives from its start on', () => {
    fc.assert(
      fc.property(server, fc.integer({ min: 1, max: 60 }), (one, window) => {
        const given = worstSupply(one.budgetNs, one.periodNs, window).filter(Boolean).length;
        expect(suppliedWithin(supplyOf(one, 0), window)).to.equal(given);
      }),
    );
  });

  it('agrees with the formula as published, section by section of time', () => {
    fc.assert(
      fc.property(server, fc.integer({ min: 1, max: 200 }), ({ budgetNs: q, periodNs: p }, t) => {
        const k = Math.max(Math.ceil((t - (p - q)) / p), 1);
        const inside = t >= (k + 1) * p - 2 * q && t <= (k + 1) * p - q;
        const published = inside ? t - (k + 1) * (p - q) : (k - 1) * q;
        expect(suppliedWithin(supplyOf({ budgetNs: q, periodNs: p }, 0), t)).to.equal(published);
      }),
      { numRuns: 500 },
    );
  });

  it('needs the shortest window in which it gives so much, and none shorter', () => {
    fc.assert(
      fc.property(
        server,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 9 }),
        (one, amount, tick) => {
          const supply = supplyOf(one, tick);
          const window = windowToSupply(supply, amount);
          expect(suppliedWithin(supply, window)).to.be.at.least(amount);
          expect(suppliedWithin(supply, window - 1)).to.be.below(amount);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('grows with the budget at every length of window, with ticks as well', () => {
    fc.assert(
      fc.property(
        server,
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 9 }),
        (one, window, tick) => {
          fc.pre(one.budgetNs > 1);
          const smaller = suppliedWithin(supplyOf({ ...one, budgetNs: one.budgetNs - 1 }, tick), window);
          expect(suppliedWithin(supplyOf(one, tick), window)).to.be.at.least(smaller);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is less, with ticks, by the tick that a budget may be overrun and the budgets given at once to make that good', () => {
    expect(aheadNs(10_000_000, 0)).to.equal(0);
    expect(aheadNs(10_000_000, 4_000_000)).to.equal(4_000_000);
    expect(aheadNs(3_000_000, 4_000_000)).to.equal(7_000_000);
    expect(aheadNs(1_000_000, 4_000_000)).to.equal(8_000_000);
  });

  it('is never more, with ticks, than the model without them gives later by the longest gap that ticks add', () => {
    fc.assert(
      fc.property(
        server,
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 9 }),
        (one, window, tick) => {
          const addedGap = Math.floor(tick / one.budgetNs) * one.periodNs + tick;
          const later = window > addedGap ? suppliedWithin(supplyOf(one, 0), window - addedGap) : 0;
          expect(suppliedWithin(supplyOf(one, tick), window)).to.be.at.most(later);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** What the thread that a server is for meets with, unit by unit: whether others leave it the core, should they have to. */
type Others = (now: number) => boolean;

/**
 * A server that always has work, its budget looked at only at ticks and when others take the core, as the kernel does: an
 * overrun is made good by as many periods and budgets at once as it takes. Others take the core as they like, but for what
 * EDF owes the server: its budget by its deadline.
 */
function tickDrivenSupply(
  { budgetNs, periodNs }: { budgetNs: number; periodNs: number },
  tick: number,
  others: Others,
  length: number,
): readonly boolean[] {
  let [left, deadline, throttled] = [budgetNs, periodNs, false];
  return Array.from({ length }, (_, now) => {
    const gets = () => (left > 0 && deadline - now <= left) || others(now);
    if (left <= 0 && (now % tick === 0 || !gets())) throttled = true;
    if (throttled && now >= deadline) {
      while (left <= 0) [left, deadline] = [left + budgetNs, deadline + periodNs];
      throttled = false;
    }
    if (throttled || !gets()) return false;
    left--;
    return true;
  });
}

/** A stretch for itself, a stretch for others, and so on. */
function inTurns(stretches: readonly number[]): Others {
  const cycle = stretches.flatMap((length, index) => Array.from({ length }, () => index % 2 === 0));
  return (now) => cycle[now % cycle.length] ?? true;
}

describe('the supply with ticks', () => {
  it('is never above what a simulated server gets whose budget is looked at only at ticks', () => {
    const length = 240;
    let overrun = 0;
    const stretches = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(server, fc.integer({ min: 1, max: 6 }), stretches, (one, tick, turns) => {
        const until = [0];
        for (const runs of tickDrivenSupply(one, tick, inTurns(turns), length)) {
          until.push((until.at(-1) ?? 0) + (runs ? 1 : 0));
        }
        if (until.some((sum, now) => sum > Math.ceil(now / one.periodNs) * one.budgetNs)) overrun++;
        for (const window of [1, 5, 10, 20, 40, 80, 160]) {
          const from = Array.from({ length: length - window }, (_, start) => start);
          const least = Math.min(...from.map((start) => (until[start + window] ?? 0) - (until[start] ?? 0)));
          expect(least).to.be.at.least(suppliedWithin(supplyOf(one, tick), window));
        }
      }),
      { numRuns: 500 },
    );
    expect(overrun).to.be.greaterThan(50);
  });

  it('is not that of the model without ticks, only later: a server that has run ahead gives less in the next period', () => {
    // 4 in every 12, looked at every 2. It runs from 1 to 6, a unit too long, then as late as EDF allows: 3 from 21 to 24.
    const server = { budgetNs: 4, periodNs: 12 };
    const given = tickDrivenSupply(server, 2, (now) => now >= 1 && now < 7, 60);
    const window = given.slice(6, 31);
    expect(window.filter(Boolean)).to.have.lengthOf(3);
    expect(suppliedWithin(supplyOf(server, 0), window.length - 2)).to.equal(4);
    expect(suppliedWithin(supplyOf(server, 2), window.length)).to.equal(2);
  });
});
