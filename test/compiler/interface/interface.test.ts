import { expect } from 'chai';
import fc from 'fast-check';
import { interfaceOfTasks, interfaceOfWindow } from '../../../src/compiler/interface/index.js';
import { compare, rational } from '../../../src/support/rational.js';
import { holdsEverywhere, leastSupply, MS, SMALL, smallTasks, TERMS, task } from './reference.js';

describe('the interface of a guest with tasks', () => {
  it('gives each vCPU with tasks a server on which they meet their deadlines, and the others none', () => {
    const vcpusUsed = new Set<number>();
    fc.assert(
      fc.property(smallTasks, fc.integer({ min: 1, max: 3 }), (tasks, vcpus) => {
        const result = interfaceOfTasks(tasks, vcpus, { ...SMALL, mostPeriodNs: 12 });
        if (!result.ok) return;
        expect(result.vcpus).to.have.lengthOf(vcpus);
        const used = result.vcpus.flatMap((one) => one ?? []);
        vcpusUsed.add(used.length);
        expect(used.flatMap((one) => one.tasks)).to.have.members([...tasks]);
        for (const { tasks: own, server, points } of used) {
          expect(holdsEverywhere(own, server.budgetNs, server.periodNs)).to.equal(true);
          expect(points.length).to.be.greaterThan(0);
          expect(points).to.deep.equal([...points].sort((a, b) => a.windowNs - b.windowNs));
          for (const { demandNs, supplyNs } of points) expect(demandNs).to.be.at.most(supplyNs);
        }
      }),
      { numRuns: 400 },
    );
    expect([...vcpusUsed]).to.include.members([1, 2]);
  });

  it('refuses only what no servers of this kind keep', () => {
    let refused = 0;
    fc.assert(
      fc.property(smallTasks, (tasks) => {
        const terms = { ...SMALL, mostPeriodNs: 10 };
        const result = interfaceOfTasks(tasks, 1, terms);
        if (result.ok) return;
        refused++;
        for (let period = 2; period <= 10; period++) {
          // With one unit for switches: the largest server that costs at most a core.
          expect(holdsEverywhere(tasks, period - 1, period)).to.equal(false);
        }
      }),
      { numRuns: 300 },
    );
    expect(refused).to.be.greaterThan(30);
  });

  it('names a smallest set of tasks that one vCPU cannot hold, with the window in which that shows', () => {
    const [small, first, second] = [task(1, 1000, 1000, MS), task(5, 10, 7, MS), task(4, 10, 7, MS)];
    const result = interfaceOfTasks([small, first, second], 1, TERMS);
    if (result.ok) throw new Error('9 ms of work in 7 ms');
    expect(result.tasks).to.deep.equal([first, second]);
    expect(result.proof).to.equal(true);
    expect(result.miss?.point?.windowNs).to.equal(7 * MS);
    expect(result.miss?.point?.demandNs).to.equal(9 * MS);
    expect(interfaceOfTasks([small, first, second], 2, TERMS).ok).to.equal(true);
  });

  it('names one task where that does not fit by itself, however many vCPUs there are', () => {
    const [small, large] = [task(1, 10, 10, MS), task(96, 100, 100, MS)];
    const result = interfaceOfTasks([small, large], 8, TERMS);
    expect(!result.ok && result.tasks).to.deep.equal([large]);
  });

  it('names all of them where they fit one by one and not together', () => {
    const tasks = [6, 6, 6].map((cost, index) => ({ ...task(cost, 10, 10, MS), name: `t${index}` }));
    const result = interfaceOfTasks(tasks, 2, TERMS);
    expect(result).to.deep.equal({ ok: false, proof: true, tasks, miss: null });
  });

  it('asks for more where budgets are enforced at ticks', () => {
    const tasks = [task(7, 50, 50, MS), task(9, 75, 75, MS)];
    const rates = [0, 1_000_000, 4_000_000].map((tickNs) => {
      const result = interfaceOfTasks(tasks, 1, { ...TERMS, tickNs });
      const server = result.ok ? result.vcpus[0]?.server : undefined;
      return rational(BigInt(server?.budgetNs ?? 0), BigInt(server?.periodNs ?? 1));
    });
    expect(compare(rates[0]!, rates[1]!)).to.be.below(0);
    expect(compare(rates[1]!, rates[2]!)).to.be.below(0);
  });

  it('stays within the rate that a server may have', () => {
    const tasks = [task(7, 50, 50, MS), task(9, 75, 75, MS)];
    const limit = rational(1n, 4n);
    expect(interfaceOfTasks(tasks, 1, { ...TERMS, mostRate: limit }).ok).to.equal(false);
    const two = interfaceOfTasks(tasks, 2, { ...TERMS, mostRate: limit });
    expect(two.ok && two.vcpus.map((one) => one?.tasks.length)).to.deep.equal([1, 1]);
  });
});

describe('the interface of a window', () => {
  it('supplies the amount in every window of that length, on every vCPU, by the definition', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 1, max: 20 }), (windowNs, demandNs) => {
        const result = interfaceOfWindow({ windowNs, demandNs }, 2, SMALL);
        if (!result.ok) return;
        expect(result.vcpus).to.have.lengthOf(2);
        for (const one of result.vcpus) {
          const { budgetNs, periodNs } = one?.server ?? { budgetNs: 0, periodNs: 1 };
          expect(leastSupply(budgetNs, periodNs, windowNs)).to.be.at.least(demandNs);
          expect(one?.points.map(({ windowNs: at }) => at)).to.deep.equal([windowNs]);
        }
      }),
    );
  });

  it('is refused where a window asks for more than a core gives, with what it would get', () => {
    const result = interfaceOfWindow({ windowNs: 30 * MS, demandNs: 29 * MS }, 1, TERMS);
    expect(!result.ok && result.miss?.point?.supplyNs).to.be.below(29 * MS);
  });
});
