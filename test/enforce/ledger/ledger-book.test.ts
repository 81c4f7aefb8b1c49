import { expect } from 'chai';
import type { Action, Host, Outcome } from '../../../src/enforce/host.js';
import { conformanceOf } from '../../../src/enforce/ledger/conformance.js';
import { type LedgerBatch, SLOT_MS } from '../../../src/enforce/ledger/ledger-batch.js';
import { BY_THE_GUEST, type MissCause } from '../../../src/enforce/ledger/miss-cause.js';
import type { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { governed, HOST, planFor } from '../support/ledger-host.js';

const RESERVED = 'vm video { match name "video" vcpus 1 }\nreserve video 20ms every 100ms';
const LENT = 'vm lent { match name "lent" vcpus 1 }\nrun lent 100ms every 500ms';

/** What was missed of promises kept by a mechanism, in all batches, by cause, s. */
function missed(batches: readonly LedgerBatch[], mechanism: string): Partial<Record<MissCause, number>> {
  const causes: Partial<Record<MissCause, number>> = {};
  for (const { promise, misses } of batches.flatMap(({ promises }) => promises)) {
    if (promise.mechanism !== mechanism) continue;
    for (const { cause, ns } of misses) causes[cause] = (causes[cause] ?? 0) + ns / 1e9;
  }
  return causes;
}

const total = (batches: readonly LedgerBatch[], of: 'cpuNs' | 'elapsedNs' | 'stoppedNs' | 'promisedNs') =>
  batches.flatMap(({ guests }) => guests).reduce((sum, use) => sum + use[of], 0);

/** Refuses actions of one kind. */
const refusing =
  (kind: Action['kind']) =>
  (host: SimulatedHost): Host => ({
    clock: host.clock,
    start: () => host.start(),
    facts: () => host.facts(),
    observe: () => host.observe(),
    act: async (action): Promise<Outcome> =>
      action.kind === kind
        ? { ok: false, code: 'EPERM', message: 'it may not', retry: false }
        : host.act(action),
    stop: () => host.stop(),
  });

describe('what the ledger is told', () => {
  it('is a slot every 10 s, aligned to the wall clock, and all the time and CPU of the guests', async () => {
    const { host, enforcer, batches, run } = governed(`${RESERVED}\n${LENT}`);
    const [video, lent] = [host.boot({ name: 'video' }), host.boot({ name: 'lent' })];
    host.setOwner('busy', 'busy');
    await enforcer.start();
    await run(65);
    await enforcer.stop();
    expect(batches.every(({ atMs }) => atMs % SLOT_MS === 0)).to.equal(true);
    expect(batches.length).to.be.within(7, 8);
    const observed = await host.observe();
    const cpuNs = observed.guests.reduce((sum, one) => sum + Number(one.cpuNs), 0);
    expect(total(batches, 'cpuNs')).to.be.closeTo(cpuNs, 0.01 * cpuNs);
    expect(total(batches, 'elapsedNs')).to.be.closeTo(2 * 65e9, 2.1e9);
    expect(total(batches, 'promisedNs')).to.be.closeTo(0.2 * 65e9, 0.3e9);
    expect(total(batches, 'stoppedNs')).to.be.closeTo(0.8 * 65e9, 1.5e9);
    const gaps = batches
      .flatMap(({ guests }) => guests)
      .filter(({ guest }) => guest.key === lent)
      .map(({ longestGapNs }) => (longestGapNs ?? 0) / 1e6);
    expect(Math.max(...gaps)).to.be.within(400, 1000);
    expect(batches.flatMap(({ guests }) => guests).some(({ guest }) => guest.key === video)).to.equal(true);
  });

  it('misses nothing where every promise is kept', async () => {
    const { host, enforcer, batches, run } = governed(`${RESERVED}\n${LENT}\nguarantee others 0.3 cores`);
    for (const name of ['video', 'lent', 'else']) host.boot({ name });
    host.setOwner('busy', 'busy', 'busy', 'busy');
    await enforcer.start();
    await run(60);
    await enforcer.stop();
    const misses = batches.flatMap(({ promises }) => promises.flatMap((one) => one.misses));
    expect(misses).to.deep.equal([]);
    const kinds = new Set(
      batches.flatMap(({ promises }) => promises.map(({ promise }) => promise.mechanism)),
    );
    expect([...kinds]).to.include.members(['reservation', 'duty', 'share']);
  });

  it('misses nothing of a share for the times in which a duty cycle stops its guests', async () => {
    const { host, enforcer, batches, run } = governed(
      [
        'vm build { match name "build" vcpus 2 }',
        'group batch up to 3 vms { match name "batch-*" vcpus 1 }',
        'share cpu among build 2, batch 1',
        'run batch 200ms every 1s',
      ].join('\n'),
    );
    for (const name of ['batch-1', 'batch-2', 'batch-3']) host.boot({ name });
    host.boot({ name: 'build', vcpus: ['busy', 'busy'] });
    host.setOwner('busy', 'busy');
    await enforcer.start();
    await run(60);
    await enforcer.stop();
    const uses = batches.flatMap(({ promises }) => promises);
    expect(uses.some(({ promise }) => promise.class === 'batch' && promise.unit === 'fraction')).to.equal(
      true,
    );
    expect(uses.flatMap(({ misses }) => misses)).to.deep.equal([]);
  });

  it('names the guest’s own lack of interest', async () => {
    const { host, enforcer, batches, run } = governed(RESERVED);
    host.boot({ name: 'video', vcpus: ['idle'] });
    await enforcer.start();
    await run(30);
    await enforcer.stop();
    const causes = missed(batches, 'reservation');
    expect(Object.keys(causes)).to.deep.equal(['idle']);
    expect(causes.idle).to.be.closeTo(0.2 * 30, 0.5);
  });

  it('names its user, who stopped it', async () => {
    const { host, enforcer, batches, run } = governed(RESERVED);
    const key = host.boot({ name: 'video' });
    await enforcer.start();
    await run(20);
    host.userStops(key);
    await run(20);
    await enforcer.stop();
    const causes = missed(batches, 'reservation');
    expect(Object.keys(causes)).to.deep.equal(['stopped-by-user']);
    expect(causes['stopped-by-user']).to.be.closeTo(0.2 * 20, 0.5);
  });

  it('names what the host refused', async () => {
    const { host, enforcer, batches, run } = governed(RESERVED, { hostOf: refusing('reserve') });
    host.boot({ name: 'video' });
    // It wants the CPU and gets next to nothing of it.
    host.setOwner(...Array.from({ length: 40 }, () => 'busy' as const));
    await enforcer.start();
    await run(30);
    await enforcer.stop();
    const causes = missed(batches, 'reservation');
    expect(causes.refused).to.be.greaterThan(2);
    expect(Object.keys(causes).every((cause) => ['refused', 'settling'].includes(cause))).to.equal(true);
  });

  it('names vCPUs that nobody knows', async () => {
    const { host, enforcer, batches, run } = governed(RESERVED);
    host.boot({ name: 'video', vcpuSource: 'none' });
    host.setOwner(...Array.from({ length: 40 }, () => 'busy' as const));
    await enforcer.start();
    await run(30);
    await enforcer.stop();
    expect(missed(batches, 'reservation')['no-vcpu-threads']).to.be.greaterThan(2);
  });

  it('names a guest in a terminal, which is not stopped', async () => {
    const facts = { ...HOST, cgroup: { ...HOST.cgroup, freezer: false } };
    const { host, enforcer, batches, run } = governed(LENT, { facts });
    host.boot({ name: 'lent', hasTerminal: true });
    await enforcer.start();
    await run(30);
    await enforcer.stop();
    expect(missed(batches, 'duty')['in-terminal']).to.be.greaterThan(15);
  });

  it('goes on over a change of the policy', async () => {
    const { host, enforcer, batches, run } = governed(RESERVED);
    host.boot({ name: 'video' });
    await enforcer.start();
    await run(25);
    await enforcer.replacePlan(planFor(`${RESERVED}\n${LENT}`));
    await run(25);
    await enforcer.stop();
    expect(total(batches, 'elapsedNs')).to.be.closeTo(50e9, 1.1e9);
  });
});

describe('conformance', () => {
  const figures = {
    guest: 'video',
    user: 'alice',
    class: 'video',
    mode: 'always',
    mechanism: 'reservation' as const,
    summary: '20ms every 100ms',
    unit: 'cores' as const,
    bound: 'exactly' as const,
    slackNs: 20e6,
    slackRatio: 0.01,
    elapsedNs: 100e9,
    promisedNs: 20e9,
    deliveredNs: 15e9,
    baseNs: 100e9,
  };

  it('is kept where only the guest or its user missed something, and broken by any other cause', () => {
    for (const cause of ['idle', 'stopped-by-user', 'refused', 'settling', 'unexplained'] as const) {
      const { kept, misses } = conformanceOf({ ...figures, misses: new Map([[cause, 5e9]]) });
      expect(kept).to.equal(BY_THE_GUEST.has(cause));
      expect(misses.map((one) => one.cause)).to.deep.equal([cause]);
    }
  });

  it('sees a duty cycle of minutes that no slot shows to be broken', () => {
    const duty = {
      ...figures,
      mechanism: 'duty' as const,
      slackNs: 60e9,
      slackRatio: 0.05,
      misses: new Map(),
    };
    const kept = conformanceOf({
      ...duty,
      elapsedNs: 36e11,
      baseNs: 36e11,
      promisedNs: 7e11,
      deliveredNs: 7.2e11,
    });
    expect(kept.kept).to.equal(true);
    const broken = conformanceOf({
      ...duty,
      elapsedNs: 36e11,
      baseNs: 36e11,
      promisedNs: 7e11,
      deliveredNs: 9e11,
    });
    expect(broken.misses.map(({ cause }) => cause)).to.deep.equal(['unexplained']);
  });
});
