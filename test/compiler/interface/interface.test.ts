import { expect } from 'chai';
import fc from 'fast-check';
import type { Need } from '../../../src/compiler/interface/demand.js';
import { deriveInterface, proveInterface, type SearchTerms } from '../../../src/compiler/interface/index.js';
import { suppliedWithin, supplyOf } from '../../../src/compiler/interface/supply.js';
import type { GuestTask } from '../../../src/lang/model.js';
import { compare, rational } from '../../../src/support/rational.js';
import { holdsEverywhere, leastSupply, MS, SMALL, smallTasks, TERMS, task } from './reference.js';

const interfaceOfTasks = (tasks: readonly GuestTask[], vcpus: number, terms: SearchTerms) =>
  deriveInterface({ tasks, windows: [] }, vcpus, terms);
const interfaceOfWindow = (window: Need, vcpus: number, terms: SearchTerms) =>
  deriveInterface({ tasks: [], windows: [window] }, vcpus, terms);

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
          expect(one?.windows.map(({ windowNs: at }) => at)).to.deep.equal([windowNs]);
          expect(one?.points).to.deep.equal([]);
        }
      }),
    );
  });

  it('is refused where a window asks for more than a core gives, with what it would get', () => {
    const result = interfaceOfWindow({ windowNs: 30 * MS, demandNs: 29 * MS }, 1, TERMS);
    expect(!result.ok && result.miss?.point?.supplyNs).to.be.below(29 * MS);
  });
});

describe('the interface of tasks and windows together', () => {
  const window = fc.record({
    windowNs: fc.integer({ min: 4, max: 40 }),
    demandNs: fc.integer({ min: 1, max: 8 }),
  });

  it('keeps both, and costs no less than either alone', () => {
    let found = 0;
    fc.assert(
      fc.property(smallTasks, window, (tasks, asked) => {
        const terms = { ...SMALL, mostPeriodNs: 12 };
        const both = deriveInterface({ tasks, windows: [asked] }, 1, terms);
        const alone = interfaceOfTasks(tasks, 1, terms);
        if (!both.ok) return;
        found++;
        // INVARIANT: there is one vCPU.
        const { server } = both.vcpus[0]!;
        expect(holdsEverywhere(tasks, server.budgetNs, server.periodNs)).to.equal(true);
        expect(leastSupply(server.budgetNs, server.periodNs, asked.windowNs)).to.be.at.least(asked.demandNs);
        const cheaper = alone.ok ? alone.vcpus[0]?.server : undefined;
        expect(cheaper && (cheaper.budgetNs + 1) / cheaper.periodNs).to.be.at.most(
          (server.budgetNs + 1) / server.periodNs,
        );
      }),
      { numRuns: 300 },
    );
    expect(found).to.be.greaterThan(20);
  });

  it('gives vCPUs without tasks what the window asks for', () => {
    const result = deriveInterface(
      { tasks: [task(1, 10, 10, MS)], windows: [{ windowNs: 100 * MS, demandNs: 10 * MS }] },
      2,
      TERMS,
    );
    expect(result.ok && result.vcpus.map((one) => one?.tasks.length)).to.deep.equal([1, 0]);
    for (const one of result.ok ? result.vcpus : [])
      expect(one?.windows[0]?.supplyNs).to.be.at.least(10 * MS);
  });
});

describe('a server that is given', () => {
  it('is proved to suffice exactly where the definition says so', () => {
    const outcomes = { proved: 0, refused: 0 };
    const server = fc.record({ budgetNs: fc.integer({ min: 1, max: 7 }), periodNs: fc.constant(8) });
    fc.assert(
      fc.property(smallTasks, server, (tasks, one) => {
        const result = proveInterface({ tasks, windows: [] }, 1, one, { tickNs: 0 });
        outcomes[result === null ? 'refused' : 'proved']++;
        expect(result !== null).to.equal(holdsEverywhere(tasks, one.budgetNs, one.periodNs));
      }),
      { numRuns: 300 },
    );
    expect(outcomes.proved).to.be.greaterThan(10);
    expect(outcomes.refused).to.be.greaterThan(10);
  });

  it('is the same on every vCPU, and its windows are looked at on each', () => {
    const server = { budgetNs: 2 * MS, periodNs: 10 * MS };
    const asked = { windowNs: 50 * MS, demandNs: 5 * MS };
    const result = proveInterface({ tasks: [], windows: [asked] }, 2, server, { tickNs: 0 });
    const supplyNs = suppliedWithin(supplyOf(server, 0), asked.windowNs);
    expect(result?.map(({ windows }) => windows)).to.deep.equal([
      [{ ...asked, supplyNs }],
      [{ ...asked, supplyNs }],
    ]);
    const more = { tasks: [], windows: [{ ...asked, demandNs: supplyNs + 1 }] };
    expect(proveInterface(more, 2, server, { tickNs: 0 })).to.equal(null);
  });
});
