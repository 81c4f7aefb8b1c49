import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import { measureSwitchCosts } from '../../../src/enforce/calibration/measure-switch-costs.js';
import { freeDeadlineBandwidth, linuxHostFacts } from '../../../src/enforce/linux/host-facts.js';
import { skipBecause } from '../../support/skip-because.js';
import { startHog, untilBandwidthIs } from '../linux/real-host.js';

/** Preempting costs more than a system call, and less than a turn that somebody else has. */
const PLAUSIBLE_NS = [1_000, 1_000_000] as const;

describe('preemptions on the kernel', () => {
  before(function () {
    if (spawnSync('perl', ['-v'], { stdio: 'ignore' }).error) skipBecause(this, 'needs perl');
  });

  it('are measured under SCHED_DEADLINE, and all its bandwidth is free again', async function () {
    if (linuxHostFacts().deadlineLimit === 0) skipBecause(this, 'needs CAP_SYS_NICE to set SCHED_DEADLINE');
    const free = await freeDeadlineBandwidth();
    const costs = await measureSwitchCosts(0, 'deadline');
    expect(costs?.scheduling).to.equal('deadline');
    expect(costs?.medianNs).to.be.within(...PLAUSIBLE_NS);
    expect(costs?.highNs).to.be.within(costs?.medianNs ?? 0, PLAUSIBLE_NS[1]);
    await untilBandwidthIs(free);
  });

  it('are measured beside twice as many hogs as cores, and cost no ten times as much', async function () {
    if (linuxHostFacts().deadlineLimit === 0) skipBecause(this, 'needs CAP_SYS_NICE to preempt the hogs');
    const quiet = await measureSwitchCosts(0, 'fifo');
    const hogs = Array.from({ length: 2 * availableParallelism() }, startHog);
    const loaded = await measureSwitchCosts(0, 'fifo').finally(() => {
      for (const hog of hogs) hog.kill('SIGKILL');
    });
    expect(loaded?.highNs).to.be.within(PLAUSIBLE_NS[0], 10 * (quiet?.highNs ?? 0));
  });

  it('are refused on a core that there is not', async () => {
    const refused = await measureSwitchCosts(4095, 'fifo').catch((error: Error) => error);
    expect(refused).to.be.instanceOf(Error);
  });
});
