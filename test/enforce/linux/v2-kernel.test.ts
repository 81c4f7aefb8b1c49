import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { requireTestHost } from '../../support/test-host/require-test-host.js';
import { bootTestHost, type TestHost, TestHostTimeout } from '../../support/test-host/test-host.js';

const PROGRAM = fileURLToPath(new URL('./v2-programs/kernel-facts.ts', import.meta.url));
/** A fifth of a core in SCHED_DEADLINE's own unit. */
const FIFTH = Math.floor(0.2 * 2 ** 20);
const TWENTIETH = Math.floor(0.05 * 2 ** 20);

const SCENARIO_MS = 60_000;

interface Held {
  readonly rates: readonly [number];
  readonly cores: readonly [readonly number[]];
}

/** What docs/decisions/0002-cgroup-v2-threads.md says of the kernel, asked of a kernel. */
describe('cgroup v2 and SCHED_DEADLINE, as the kernel has them', function () {
  this.timeout(180_000);
  let host: TestHost;
  let rebooted = false;

  const boot = () => bootTestHost({ programs: { 'kernel-facts.mjs': PROGRAM } });

  before(async function () {
    requireTestHost(this);
    host = await boot();
  });
  after(() => host?.stop());

  async function find<Findings>(scenario: string): Promise<Findings> {
    const command = ['node', '/project/kernel-facts.mjs', scenario];
    const { stdout, stderr, exitCode } = await run(command);
    expect(exitCode, stderr).to.equal(0);
    return JSON.parse(stdout);
  }

  /** An emulated machine that hangs is no fact about kernels: it is booted anew, once in all. */
  async function run(command: readonly string[]): ReturnType<TestHost['run']> {
    try {
      return await host.run(command, { timeoutMs: SCENARIO_MS });
    } catch (error) {
      if (!(error instanceof TestHostTimeout) || rebooted) throw error;
      console.warn(error.message);
      rebooted = true;
      await host.stop();
      host = await boot();
      return host.run(command, { timeoutMs: SCENARIO_MS });
    }
  }

  it('admits a thread to the class before it is confined, never after, and keeps it on its core', async () => {
    const found = await find<Record<string, string[]> & { held: Held; changed: Held; totals: number[] }>(
      'confinement',
    );
    expect(found['narrowFirst']).to.deep.equal(['ok', 'EPERM', 'ok']);
    expect(found['classFirst']).to.deep.equal(['ok', 'ok']);
    expect(found.held.cores).to.deep.equal([[1]]);
    expect(found.held.rates[0]).to.be.closeTo(0.2, 0.01);
    expect(found['changeInside'], 'new parameters while confined').to.equal('EPERM');
    expect(found['changeOutside'], 'out, new parameters, in').to.deep.equal(['ok', 'ok', 'ok']);
    expect(found.changed.cores).to.deep.equal([[0]]);
    expect(found.changed.rates[0]).to.be.closeTo(0.4, 0.02);
    expect(found.totals, 'bandwidth taken').to.deep.equal([FIFTH, 2 * FIFTH, 2 * FIFTH]);
  });

  it('charges a thread twice that is moved straight from core to core', async () => {
    const found = await find<{ before: number; after: number }>('straightFromCoreToCore');
    expect(found).to.deep.equal({ before: FIFTH, after: 2 * FIFTH });
  });

  it('gives bandwidth back when a thread leaves running or shrunk, and keeps that of one that left asleep', async () => {
    expect(await find('leaving')).to.deep.equal({
      entered: ['ok', FIFTH],
      running: ['ok', 0],
      stopped: ['ok', 'ok', 0],
      frozen: ['ok', 'ok', 0],
      mainLoop: ['ok', TWENTIETH, 'ok', 'ok', 0],
      confined: ['EPERM', 'ok', 'ok'],
      confinedTotal: 0,
      straight: ['ok', FIFTH],
      afterCpuset: FIFTH,
    });
  });

  it('makes a guest a threaded domain without taking memory limits, weight or freezer from it', async () => {
    expect(await find('tree')).to.deep.equal({
      types: ['domain', 'domain', 'domain threaded', 'threaded'],
      memoryOfGuest: 'ok',
      memoryWithin: 'ENOTSUP',
      weight: 'ok',
      processBesideGroups: 'EBUSY',
      frozenMs: [0, 0],
      wholeProcess: 'ok',
      vcpuGroup: '/s/class/second',
      typeAfter: 'domain',
    });
  });

  it("applies a guest's quota to its confined threads, but never to its reserved ones", async () => {
    const found = await find<{ quotaOfConfined: Held; quotaOfReserved: Held }>('bandwidth');
    expect(found.quotaOfConfined.rates[0]).to.be.closeTo(0.2, 0.01);
    expect(found.quotaOfReserved.rates[0]).to.be.closeTo(0.4, 0.02);
  });

  it('unpins the threads of every group when cpusets are enabled above them', async () => {
    expect(await find('affinity')).to.deep.equal({ inGroup: '1', controllerEnabled: '0-1' });
  });

  it('gives cores to a slice alone, never to a group deeper down, and leaves the owner unpinned', async () => {
    const { held, ...found } = await find<{ held: Held } & Record<string, unknown>>('partitions');
    expect(found).to.deep.equal({
      ofOneCore: 'root invalid (Parent is not a partition root)',
      ofClass: 'root invalid (Parent is not a partition root)',
      ofSlice: 'root',
      ofOwner: ['0', '0', '0'],
      inside: ['1', 'ok', 'ok'],
      ofOwnerAfter: ['0-1', '0-1', '0-1'],
    });
    expect(held.cores).to.deep.equal([[1]]);
    expect(held.rates[0]).to.be.closeTo(0.4, 0.02);
  });

  it('takes real-time threads into groups, having no RT_GROUP_SCHED', async () => {
    expect(await find('realtime')).to.deep.equal({ fifo: ['ok', 'ok', 'ok', 'ok'], deadline: 'ok' });
  });
});
