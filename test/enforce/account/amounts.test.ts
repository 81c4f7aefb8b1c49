import { expect } from 'chai';
import type { Setting } from '../../../src/compiler/plan.js';
import { amountsBetween } from '../../../src/enforce/account/amounts.js';
import { measureInterval } from '../../../src/enforce/account/measure.js';
import { intervalBetween } from '../../../src/enforce/account/usage.js';
import { classify, NO_ASSIGNMENT } from '../../../src/enforce/classify.js';
import type { Observation, ObservedGuest, ResourceUse } from '../../../src/enforce/host.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { disk, group, memory, network, onEach, onSum, plan, schedule } from '../support/plans.js';

const SECOND = 1_000_000_000n;
const disks = (seconds: bigint, bytes: number, operations = 0): ResourceUse => ({
  disk: { atNs: seconds * SECOND, bytes, operations },
});

/** What is measured of guests b-1 and b-2 between two observations a second apart, with these things said of them. */
async function measure(
  setting: Setting,
  before: readonly Partial<ObservedGuest>[],
  after: readonly Partial<ObservedGuest>[],
) {
  const one = plan({ classes: [group('b', 2)], schedules: [schedule('only', { settings: [setting] })] });
  const host = new SimulatedHost({ facts: one.host });
  for (const name of ['b-1', 'b-2']) host.boot({ name });
  const seen = await host.observe();
  const at = (atNs: bigint, parts: readonly Partial<ObservedGuest>[]): Observation => ({
    ...seen,
    atNs,
    guests: seen.guests.map((guest, index) => ({ ...guest, lacks: [], ...parts[index] })),
  });
  const interval = intervalBetween(at(SECOND, before), at(2n * SECOND, after));
  const { classified } = classify(
    one,
    NO_ASSIGNMENT,
    seen.guests.map(({ guest }) => guest),
  );
  const [first] = one.schedules;
  if (!first) throw new Error('the plan has a schedule');
  return measureInterval(indexPlan(one), first, classified, interval, null).map((sample) => ({
    unit: sample.unit,
    bound: sample.bound,
    promised: sample.promisedNs / sample.baseNs,
    delivered: sample.deliveredNs / sample.baseNs,
    baseNs: sample.baseNs,
  }));
}

describe('What was used of memory, disk and network', () => {
  it('is measured between two readings, however long ago the earlier one was', async () => {
    const measured = await measure(
      disk(onEach('b'), 1000, null),
      [{ use: disks(0n, 5000) }],
      [{ use: disks(10n, 9000) }],
    );
    const rate = { unit: 'bytes-per-second', bound: 'at-most', promised: 1000, delivered: 400, baseNs: 1e10 };
    expect(measured).to.deep.equal([rate]);
  });

  it('is not counted twice while no reading is new', async () => {
    expect(
      await measure(disk(onEach('b'), 1000, null), [{ use: disks(1n, 5) }], [{ use: disks(1n, 5) }]),
    ).to.deep.equal([]);
  });

  it('is held against the part of a sum that the guest has', async () => {
    const use = (bytes: number) => ({ use: disks(bytes === 0 ? 0n : 1n, bytes, bytes) });
    const sum = disk(onSum('b'), null, 100);
    const [both] = await measure(sum, [use(0), use(0)], [use(30), use(40)]);
    expect(both).to.deep.include({ unit: 'operations-per-second', promised: 50, delivered: 30 });
    const alone = await measure(sum, [use(0)], [use(30), { lacks: ['disk'] }]);
    expect(alone.map(({ promised }) => promised)).to.deep.equal([100]);
  });

  it('is the busier direction of a network, and never less than nothing', async () => {
    const use = (seconds: bigint, inBytes: number, outBytes: number): Partial<ObservedGuest> => ({
      use: { network: { atNs: seconds * SECOND, inBytes, outBytes } },
    });
    const [first] = await measure(network(onEach('b'), 50), [use(1n, 10, 900)], [use(2n, 40, 20)]);
    expect(first).to.deep.include({ unit: 'bytes-per-second', promised: 50, delivered: 30 });
  });

  it('is of memory what the guest may touch, against the ceiling or, without one, the floor', async () => {
    const use: Partial<ObservedGuest> = { use: { memory: { atNs: SECOND, bytes: 700 } } };
    const [ceiling] = await measure(memory(onEach('b'), 800, 100), [], [use]);
    expect(ceiling).to.deep.include({ unit: 'bytes', bound: 'at-most', promised: 800, delivered: 700 });
    const [floor] = await measure(memory(onEach('b'), null, 100), [], [use]);
    expect(floor).to.deep.include({ bound: 'at-least', promised: 100, delivered: 700 });
  });

  it('is nothing where nothing is known', async () => {
    const host = new SimulatedHost({ facts: plan({}).host });
    host.boot({ name: 'x' });
    const [guest] = (await host.observe()).guests;
    if (!guest) throw new Error('a guest was booted');
    expect(amountsBetween(guest, guest)).to.deep.equal({ lacks: [] });
  });
});
