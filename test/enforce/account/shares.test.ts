import { expect } from 'chai';
import fc from 'fast-check';
import { measureShares } from '../../../src/enforce/account/measure-shares.js';
import type { Interval, Usage } from '../../../src/enforce/account/usage.js';
import { waterFill } from '../../../src/enforce/account/water-filling.js';
import { classify, NO_ASSIGNMENT } from '../../../src/enforce/classify.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { FACTS, onSum, plan, schedule, share, vm } from '../support/plans.js';

describe('waterFill', () => {
  it('gives out all there is within the caps, and in proportion to the weights below them', () => {
    const claim = fc.record({
      weight: fc.integer({ min: 1, max: 100 }),
      cap: fc.integer({ min: 0, max: 10 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.array(claim, { maxLength: 8 }), (total, claims) => {
        const parts = waterFill(total, claims);
        const sum = parts.reduce((all, part) => all + part, 0);
        expect(sum).to.be.closeTo(
          Math.min(
            total,
            claims.reduce((all, { cap }) => all + cap, 0),
          ),
          1e-9,
        );
        const levels = claims.map(({ weight, cap }, at) => ({
          level: (parts[at] ?? 0) / weight,
          full: (parts[at] ?? 0) >= cap - 1e-9,
        }));
        const open = levels.filter(({ full }) => !full).map(({ level }) => level);
        // Whoever is below its cap stands at one common level, and nobody who is full stands higher.
        for (const { level } of levels) expect(level).to.be.at.most(Math.min(...open) + 1e-9);
      }),
    );
  });
});

describe('Promised against delivered of shares', () => {
  const classes = [vm('gold'), vm('silver'), vm('tin')];
  const tree = classes.map(({ name }) => ({ name, parent: null, subject: 'class' as const }));
  const one = plan({ classes, tree });
  const settings = [share(onSum('gold'), 300), share(onSum('silver'), 100), share(onSum('tin'), 100)];
  const usage = (cpuNs: number, waitNs: number | null): Usage => ({
    cpuNs,
    vcpuCpuNs: cpuNs,
    allowedNs: 0,
    stoppedNs: 0,
    waitNs,
    stoppedByUser: false,
    amounts: { lacks: [] },
  });
  async function measured(parts: Readonly<Record<string, Usage>>) {
    const host = new SimulatedHost({ facts: FACTS });
    for (const name of Object.keys(parts)) host.boot({ name });
    const guests = (await host.observe()).guests.map(({ guest }) => guest);
    const { classified } = classify(one, NO_ASSIGNMENT, guests);
    const byKey = new Map(guests.map((guest) => [guest.key, parts[guest.name ?? ''] ?? usage(0, 0)]));
    const interval: Interval = { elapsedNs: 1000, usage: byKey };
    const samples = measureShares(indexPlan(one), schedule('s', { settings }), classified, interval);
    return samples.map(({ setting, promisedNs, deliveredNs, baseNs }) => [
      setting.class,
      promisedNs / baseNs,
      deliveredNs / baseNs,
    ]);
  }

  it('compares those that wanted CPU, and leaves out who was idle', async () => {
    expect(
      await measured({ gold: usage(600, 400), silver: usage(200, 800), tin: usage(10, 0) }),
    ).to.deep.equal([
      ['gold', 0.75, 0.75],
      ['silver', 0.25, 0.25],
    ]);
  });

  it('shows a share that was not kept, however small what came of it', async () => {
    const [gold] = await measured({ gold: usage(20, 980), silver: usage(980, 20), tin: usage(0, 0) });
    expect(gold).to.deep.equal(['gold', 0.75, 0.02]);
  });

  it('promises nobody more than its vCPUs can use', async () => {
    expect(await measured({ gold: usage(1000, 0), silver: usage(500, 500) })).to.deep.equal([
      ['gold', 1000 / 1500, 1000 / 1500],
      ['silver', 500 / 1500, 500 / 1500],
    ]);
  });

  it('takes a guest that used next to nothing for idle where waiting is not measured', async () => {
    expect(
      await measured({ gold: usage(600, null), silver: usage(200, null), tin: usage(5, null) }),
    ).to.deep.equal([
      ['gold', 0.75, 0.75],
      ['silver', 0.25, 0.25],
    ]);
  });
});
