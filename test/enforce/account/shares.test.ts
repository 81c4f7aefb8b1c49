import { expect } from 'chai';
import fc from 'fast-check';
import { measureShares } from '../../../src/enforce/account/measure-shares.js';
import { runningLevels } from '../../../src/enforce/account/running-levels.js';
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
  /** `windows`: by guest, in a hyperperiod of 10; guests without run always. */
  async function measured(
    parts: Readonly<Record<string, Usage>>,
    windows: Readonly<Record<string, readonly (readonly [bigint, bigint])[]>> = {},
  ) {
    const host = new SimulatedHost({ facts: FACTS });
    for (const name of Object.keys(parts)) host.boot({ name });
    const guests = (await host.observe()).guests.map(({ guest }) => guest);
    const { classified } = classify(one, NO_ASSIGNMENT, guests);
    const byKey = new Map(guests.map((guest) => [guest.key, parts[guest.name ?? ''] ?? usage(0, 0)]));
    const interval: Interval = { elapsedNs: 1000, usage: byKey };
    const entries = guests.flatMap(({ key, name }) => {
      const own = windows[name ?? '']?.map(([startNs, endNs]) => ({ startNs, endNs }));
      return own ? [{ guest: key, windows: own }] : [];
    });
    const timetable = { hyperperiodNs: 10n, entries };
    const samples = measureShares(
      indexPlan(one),
      schedule('s', { settings }),
      classified,
      interval,
      timetable,
    );
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

  it('promises a share of the running times of a duty cycle, and no more to those who have the rest', async () => {
    const parts = { gold: usage(875, 125), silver: usage(125, 375) };
    expect(
      await measured(parts, {
        silver: [
          [0n, 2n],
          [4n, 7n],
        ],
      }),
    ).to.deep.equal([
      ['gold', 0.75, 0.875],
      ['silver', 0.125, 0.125],
    ]);
  });

  it('measures what a guest waits against the time in which it may run', async () => {
    const parts = { gold: usage(300, 700), silver: usage(60, 40) };
    expect(await measured(parts, { silver: [[3n, 4n]] })).to.deep.equal([
      ['gold', 0.75, 300 / 360],
      ['silver', 0.025, 60 / 360],
    ]);
  });

  it('promises nothing to one that is paused', async () => {
    const parts = { gold: usage(500, 500), silver: usage(500, 500), tin: usage(0, 0) };
    expect((await measured(parts, { tin: [] })).map(([name]) => name)).to.deep.equal(['gold', 'silver']);
  });
});

describe('runningLevels', () => {
  const window = (startNs: bigint, endNs: bigint) => ({ startNs, endNs });

  it('tells how many cores guests can use together, and for what part of the time', () => {
    const guests = [
      { key: 'a', cores: 1 },
      { key: 'b', cores: 0.3 },
      { key: 'c', cores: 2 },
    ];
    const entries = [
      { guest: 'a', windows: [window(0n, 4n)] },
      { guest: 'b', windows: [window(2n, 6n), window(7n, 8n)] },
      { guest: 'c', windows: [window(4n, 6n)] },
    ];
    const levels = runningLevels(guests, { hyperperiodNs: 10n, entries });
    expect(Object.fromEntries(levels.map(({ part, cores }) => [cores, part]))).to.deep.equal({
      1: 0.2,
      1.3: 0.2,
      2.3: 0.2,
      0.3: 0.1,
    });
  });

  it('has those that no timetable names run always', () => {
    expect(runningLevels([{ key: 'a', cores: 2 }], null)).to.deep.equal([{ part: 1, cores: 2 }]);
  });
});
