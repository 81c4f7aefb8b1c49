import { expect } from 'chai';
import fc from 'fast-check';
import { LEAST_SERVER } from '../../../src/enforce/simulated/bandwidth.js';
import { SimulatedKernel } from '../../../src/enforce/simulated/kernel.js';

const MS = 1e6;
const S = 1e9;
const kernel = (options: Partial<ConstructorParameters<typeof SimulatedKernel>[0]> = {}) =>
  new SimulatedKernel({ cores: 2, tickNs: 4 * MS, deadlineLimit: 0.95, taskWeight: 1024, ...options });

/** The longest time in which a task used no CPU, sampled each `stepNs`. */
function longestGapNs(one: SimulatedKernel, cpuNs: () => number, untilNs: number, stepNs: number): number {
  let [last, lastNs, gap] = [cpuNs(), one.nowNs, 0];
  while (one.nowNs < untilNs) {
    one.advanceTo(one.nowNs + stepNs);
    if (cpuNs() > last) [last, lastNs] = [cpuNs(), one.nowNs];
    gap = Math.max(gap, one.nowNs - lastNs);
  }
  return gap;
}

describe('SimulatedKernel', () => {
  it('gives a server its rate and no more, however many threads want its core', () => {
    const one = kernel();
    const reserved = one.spawn(1, 'busy', one.root);
    for (let tid = 2; tid < 6; tid++) one.spawn(tid, 'busy', one.root);
    expect(one.setDeadline(reserved, { budgetNs: 20 * MS, periodNs: 100 * MS }, 0)).to.equal(true);
    one.advanceTo(20 * S);
    expect(reserved.cpuNs / (20 * S)).to.be.closeTo(0.2, 0.002);
  });

  it('overruns a budget to the next tick and then pays it back: the rate holds, the gap is what is published', () => {
    const [budgetNs, periodNs, tickNs] = [1 * MS, 10 * MS, 4 * MS];
    const gapWith = (tick: number) => {
      const one = kernel({ tickNs: tick });
      const reserved = one.spawn(1, 'busy', one.root);
      for (let tid = 2; tid < 6; tid++) one.spawn(tid, 'busy', one.root);
      one.setDeadline(reserved, { budgetNs, periodNs }, 0);
      const gap = longestGapNs(one, () => reserved.cpuNs, 10 * S, 0.5 * MS);
      expect(reserved.cpuNs / one.nowNs).to.be.closeTo(budgetNs / periodNs, 0.002);
      return gap;
    };
    const boundNs = 2 * (periodNs - budgetNs) + Math.floor(tickNs / budgetNs) * periodNs + tickNs;
    expect(gapWith(tickNs)).to.be.within(20 * MS, boundNs);
    expect(gapWith(0)).to.be.at.most(2 * (periodNs - budgetNs) + MS);
  });

  it('runs threads with a priority before all others but servers, and not as others once that is over', () => {
    const one = kernel({ cores: 1 });
    const [prior, other] = [one.spawn(1, 'busy', one.root), one.spawn(2, 'busy', one.root)];
    const reserved = one.spawn(3, 'busy', one.root);
    one.setDeadline(reserved, { budgetNs: 20 * MS, periodNs: 100 * MS }, 0);
    one.setPriority(prior, 1);
    one.advanceTo(10 * S);
    expect(reserved.cpuNs / (10 * S)).to.be.closeTo(0.2, 0.002);
    expect(prior.cpuNs / (10 * S)).to.be.closeTo(0.8, 0.002);
    expect(other.cpuNs).to.equal(0);
    one.setPriority(prior, 0);
    one.advanceTo(20 * S);
    expect(other.cpuNs / (10 * S)).to.be.closeTo(0.4, 0.002);
  });

  it('meets every deadline on a core whose servers’ utilisations sum to its limit (EDF)', () => {
    const servers = fc.array(
      fc.record({ period: fc.integer({ min: 5, max: 50 }), part: fc.integer({ min: 1, max: 10 }) }),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(servers, (wanted) => {
        const parts = wanted.reduce((sum, { part }) => sum + part, 0);
        const one = kernel({ tickNs: 0, deadlineLimit: 1, cores: 1 });
        const tasks = wanted.map(({ period, part }, at) => {
          const task = one.spawn(at + 1, 'busy', one.root);
          const periodNs = period * MS;
          one.setDeadline(task, { budgetNs: Math.floor((periodNs * part) / parts), periodNs }, 0);
          return { task, periodNs };
        });
        for (let turn = 1; turn <= 20; turn++) {
          for (const { task, periodNs } of tasks) {
            if (turn * periodNs > one.nowNs) one.advanceTo(turn * periodNs);
            const budgetNs = task.server?.bandwidth.budgetNs ?? 0;
            expect(task.cpuNs).to.be.at.least(Math.floor(one.nowNs / periodNs) * budgetNs - 1000);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('divides what servers leave equally among threads of equal weight', () => {
    const one = kernel();
    const reserved = one.spawn(9, 'busy', one.root);
    one.setDeadline(reserved, { budgetNs: 50 * MS, periodNs: 100 * MS }, 1);
    const others = [1, 2, 3].map((tid) => one.spawn(tid, 'busy', one.root));
    one.advanceTo(10 * S);
    const left = 2 * one.nowNs - reserved.cpuNs;
    for (const task of others) expect(task.cpuNs).to.be.closeTo(left / 3, MS);
  });

  it('loses for ever the bandwidth of a stopped thread that is set straight to NORMAL', () => {
    const one = kernel();
    const free = () => one.ledger.free(one.nowNs);
    const task = one.spawn(1, 'busy', one.root);
    one.setDeadline(task, { budgetNs: 50 * MS, periodNs: 100 * MS }, null);
    one.signal(task, true);
    one.setNormal(task);
    one.advanceTo(10 * S);
    expect(free()).to.be.closeTo(1.4, 1e-9);

    one.signal(task, false);
    one.setDeadline(task, { budgetNs: 50 * MS, periodNs: 100 * MS }, null);
    one.signal(task, true);
    one.setDeadline(task, LEAST_SERVER, null);
    one.setNormal(task);
    one.advanceTo(20 * S);
    expect(free()).to.be.closeTo(1.4, 1e-6);
  });

  it('frees what a thread gives up only at its 0-lag time, and answers EBUSY until then', () => {
    const one = kernel({ cores: 1 });
    const [first, second] = [one.spawn(1, 'busy', one.root), one.spawn(2, 'busy', one.root)];
    one.setDeadline(first, { budgetNs: 800 * MS, periodNs: 1000 * MS }, null);
    one.advanceTo(400 * MS);
    one.setDeadline(first, LEAST_SERVER, null);
    one.setNormal(first);
    const bandwidth = { budgetNs: 50 * MS, periodNs: 100 * MS };
    expect(one.setDeadline(second, bandwidth, null)).to.equal(false);
    expect(one.ledger.fitsLater(2, bandwidth)).to.equal(true);
    // It had used 400 of 800 ms: at bandwidth 0.8 the other half lasts until 500 ms before the deadline.
    one.advanceTo(499 * MS);
    expect(one.setDeadline(second, bandwidth, null)).to.equal(false);
    one.advanceTo(501 * MS);
    expect(one.setDeadline(second, bandwidth, null)).to.equal(true);
  });

  it('lets a guest that blocks keep to its bandwidth when it wakes', () => {
    const one = kernel({ cores: 1, tickNs: 0 });
    const blocking = one.spawn(1, { computeNs: 3 * MS, blockNs: 11 * MS }, one.root);
    one.spawn(2, 'busy', one.root);
    one.setDeadline(blocking, { budgetNs: 5 * MS, periodNs: 20 * MS }, 0);
    one.advanceTo(10 * S);
    expect(blocking.cpuNs / one.nowNs).to.be.closeTo(3 / 14, 0.01);
  });

  it('has a thread catch up on work that came while it was stopped, and do no more than came', () => {
    const one = kernel({ cores: 1 });
    const task = one.spawn(1, { computeNs: 2 * MS, everyNs: 10 * MS, phaseNs: 0 }, one.root);
    one.advanceTo(1 * S);
    expect(task.cpuNs).to.be.closeTo(0.2 * S, 2 * MS);
    one.signal(task, true);
    one.advanceTo(1.5 * S);
    one.signal(task, false);
    one.advanceTo(2 * S);
    expect(task.cpuNs).to.be.closeTo(0.4 * S, 2 * MS);
    expect(task.held.at(one.nowNs)?.lengthNs).to.be.closeTo(0.5 * S, 10 * MS);
  });

  it('has a thread do something else from one moment on, and forget what it had to do', () => {
    const one = kernel({ cores: 1 });
    const task = one.spawn(1, 'busy', one.root);
    one.setDeadline(task, { budgetNs: 50 * MS, periodNs: 100 * MS }, 0);
    one.advanceTo(1 * S);
    one.behave(task, 'idle');
    one.advanceTo(2 * S);
    one.behave(task, 'busy');
    one.advanceTo(3 * S);
    expect(task.cpuNs).to.be.closeTo(1 * S, 60 * MS);
    expect(task.starved.at(one.nowNs)?.lengthNs).to.be.at.most(104 * MS);
  });

  it('counts on a core what a server gave up until its 0-lag time, and the most that it ever was', () => {
    const one = kernel();
    const [first, second] = [one.spawn(1, 'busy', one.root), one.spawn(2, 'busy', one.root)];
    one.setDeadline(first, { budgetNs: 80 * MS, periodNs: 100 * MS }, 0);
    one.advanceTo(40 * MS);
    one.setDeadline(first, { budgetNs: 20 * MS, periodNs: 100 * MS }, 1);
    one.setDeadline(second, { budgetNs: 10 * MS, periodNs: 100 * MS }, 0);
    // Half its budget used: at 0.8 the other half would have lasted until 50 ms.
    expect(one.coreLoad.on(0, one.nowNs)).to.be.closeTo(0.9, 1e-9);
    one.advanceTo(51 * MS);
    expect(one.coreLoad.on(0, one.nowNs)).to.be.closeTo(0.1, 1e-9);
    expect(one.coreLoad.on(1, one.nowNs)).to.be.closeTo(0.2, 1e-9);
    expect(one.coreLoad.peaks[0]).to.be.closeTo(0.9, 1e-9);
    one.coreLoad.restart(one.nowNs);
    expect(one.coreLoad.peaks[0]).to.be.closeTo(0.1, 1e-9);
  });

  it('never gives out more CPU time than its cores have', () => {
    const behaviour = fc.oneof(
      fc.constant('busy' as const),
      fc.constant('idle' as const),
      fc.record({
        computeNs: fc.integer({ min: 1e5, max: 2e7 }),
        blockNs: fc.integer({ min: 1e5, max: 5e7 }),
      }),
    );
    const thread = fc.record({
      behaviour,
      period: fc.integer({ min: 0, max: 50 }),
      core: fc.constantFrom(0, 1, null),
    });
    fc.assert(
      fc.property(fc.array(thread, { minLength: 1, maxLength: 8 }), (threads) => {
        const one = kernel();
        const tasks = threads.map(({ behaviour: what, period, core }, at) => {
          const task = one.spawn(at + 1, what, one.root);
          if (period > 0) one.setDeadline(task, { budgetNs: period * 2e5, periodNs: period * MS }, core);
          return task;
        });
        one.advanceTo(2 * S);
        const sum = tasks.reduce((total, { cpuNs }) => total + cpuNs, 0);
        const busy = tasks.filter((task) => task.behaviour === 'busy' && task.server === null).length;
        expect(sum).to.be.at.most(4 * S + 1);
        if (busy >= 2) expect(sum).to.be.at.least(4 * S - 10);
      }),
      { numRuns: 60 },
    );
  });
});
