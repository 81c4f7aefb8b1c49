import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import { HostSensor } from '../../../src/rps/sensors/host-sensor.js';
import { PortableProcessTimes } from '../../../src/rps/sensors/portable-process-times.js';
import type { SensedGuest } from '../../../src/rps/sensors/sensed-guest.js';
import { ThreadTimes } from '../../../src/rps/sensors/thread-times.js';
import { systemClock } from '../../../src/support/clock.js';

/** Processes of the tests, ended after each. */
const children: ChildProcess[] = [];

/** A process that wants a whole processor, running once it has printed. */
async function hog(): Promise<number> {
  const child = spawn('sh', ['-c', 'echo; while :; do :; done'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout!, 'data');
  return child.pid!;
}

async function hogs(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, hog));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Signals over an interval of measuring: how long it was is measured too, for a timer may be late. */
async function measure(
  guests: readonly SensedGuest[],
  intervalMs: number,
): Promise<{ readonly values: Record<string, number>; readonly elapsedNs: number }> {
  const sensor = new HostSensor();
  const values: Record<string, number> = {};
  try {
    const startNs = systemClock.monotonicNs();
    sensor.sample(startNs, guests, () => {});
    await pause(intervalMs);
    const endNs = systemClock.monotonicNs();
    sensor.sample(endNs, guests, (signal, value) => {
      values[signal] = value;
    });
    return { values, elapsedNs: Number(endNs - startNs) };
  } finally {
    sensor.close();
  }
}

/**
 * What a thread did while `body` ran. This process itself may lose the processor between two lines:
 * `leastNs` and `mostNs` are how long it was at least and at most between the two readings.
 */
async function observe(
  pid: number,
  body: () => Promise<void>,
): Promise<{ ranNs: number; waitedNs: number; leastNs: number; mostNs: number }> {
  const beforeNs = systemClock.monotonicNs();
  const times = ThreadTimes.open(`/proc/${pid}/schedstat`, false)!;
  const startNs = systemClock.monotonicNs();
  await body();
  const endNs = systemClock.monotonicNs();
  times.read();
  const afterNs = systemClock.monotonicNs();
  times.close();
  return {
    ranNs: times.ranDeltaNs,
    waitedNs: times.waitedDeltaNs,
    leastNs: Number(endNs - startNs),
    mostNs: Number(afterNs - beforeNs),
  };
}

const asGuests = (pids: readonly number[]): SensedGuest[] =>
  pids.map((pid) => ({ key: `${pid}-0`, pid, classes: ['batch'] }));

describe('sensors on this host', function () {
  this.timeout(30_000);
  const processors = availableParallelism();

  afterEach(async () => {
    const ended = children.map((child) => (child.exitCode === null ? once(child, 'exit') : null));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(ended);
    children.length = 0;
  });

  it('read the same demand of an owner who wants it all with guests as without', async () => {
    await hogs(2 * processors);
    const { values: alone } = await measure([], 2000);
    const guests = asGuests(await hogs(2 * processors));
    const { values: contended } = await measure(guests, 2000);

    expect(alone['owner.cpu']).to.be.above(90);
    expect(alone['owner.demand']).to.be.above(95);
    expect(contended['owner.demand']).to.be.above(95);
    // What the guests took, which is less the more others use this machine, is missing from use alone.
    expect(contended['guests.cpu']).to.be.above(2);
    expect(contended['owner.demand']! - contended['owner.cpu']!).to.be.above(0.8 * contended['guests.cpu']!);
  });

  it('read as demand of one hog all of a processor, though guests take most of it', async () => {
    const share = 100 / processors;
    await hog();
    const guests = asGuests(await hogs(4 * processors));
    const { values } = await measure(guests, 3000);
    // Others who use this machine meanwhile can only raise it.
    expect(values['owner.demand']).to.be.above(0.85 * share);
    expect(values['owner.demand']! - values['owner.cpu']!).to.be.above(
      Math.min(0.2 * share, 0.8 * values['guests.cpu']!),
    );
  });

  it('count as a guest’s what /proc/PID/schedstat says that it ran', async () => {
    const pid = (await hogs(1))[0]!;
    let measured = { values: {} as Record<string, number>, elapsedNs: 0 };
    const outer = await observe(pid, async () => {
      measured = await measure(asGuests([pid]), 1500);
    });
    const { values, elapsedNs } = measured;
    const ranNs = (values[`guest.${pid}-0.cpu`]! / 100) * elapsedNs * processors;
    // Two ticks are the resolution of the process's own count.
    expect(ranNs).to.be.at.most(outer.ranNs + 20e6);
    expect(ranNs).to.be.at.least(outer.ranNs - (outer.mostNs - elapsedNs) - 20e6);
    expect(values['batch.cpu']).to.equal(values[`guest.${pid}-0.cpu`]);
  });

  it('find that a busy thread runs or waits all the time, and a stopped one neither', async () => {
    const pid = (await hogs(2 * processors))[0]!;
    // A wait is booked when it ends: one may be missing, and one that began before may be counted.
    const slackNs = 0.3e9;
    const busy = await observe(pid, () => pause(2000));
    expect(busy.ranNs + busy.waitedNs).to.be.within(busy.leastNs - slackNs, busy.mostNs + slackNs);
    process.kill(pid, 'SIGSTOP');
    const stopped = await observe(pid, () => pause(1000));
    expect(stopped.ranNs + stopped.waitedNs).to.be.below(slackNs);
  });

  it('give the same CPU time by pidusage, where nothing else is to be had', async () => {
    const pid = (await hogs(1))[0]!;
    const portable = new PortableProcessTimes();
    let insideNs = 0;
    const outer = await observe(pid, async () => {
      await portable.look(pid);
      insideNs = (await observe(pid, () => pause(1000))).ranNs;
      await portable.look(pid);
    });
    expect(portable.deltaNs(pid)).to.be.within(insideNs - 20e6, outer.ranNs + 20e6);
    portable.close();
  });

  it('forget a process that has ended, by pidusage', async () => {
    const portable = new PortableProcessTimes();
    await portable.look(2 ** 22 - 1);
    expect(portable.deltaNs(2 ** 22 - 1)).to.equal(null);
    portable.close();
  });
});
