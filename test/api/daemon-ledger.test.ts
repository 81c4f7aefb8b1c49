import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Client, connect } from '../../src/api/client.js';
import { Daemon } from '../../src/api/daemon.js';
import { createLog } from '../../src/api/log.js';
import { SimulatedHost } from '../../src/enforce/index.js';
import { FACTS } from '../enforce/support/plans.js';
import { until } from '../support/guests/until.js';
import { PLANS_AT_ONCE } from './plans-at-once.js';

const POLICY = `
vm batch { match name "batch" vcpus 1 }
budget batch 1 core-hour per day
reserve batch 20ms every 100ms
`;

describe('a daemon with a ledger', () => {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-daemon-ledger-'));
  const file = join(directory, 'policy.vmc');
  const socket = join(directory, 'vmcd.sock');
  const stateDirectory = join(directory, 'state');
  let client: Client;
  let daemon: Daemon | null = null;
  after(() => rmSync(directory, { recursive: true, force: true }));
  afterEach(async () => {
    client.close();
    await daemon?.stop();
  });

  async function start(host: SimulatedHost): Promise<Daemon> {
    writeFileSync(file, POLICY);
    client = connect({ socket });
    daemon = new Daemon({
      file,
      socket,
      plans: PLANS_AT_ONCE,
      stateDirectory,
      host,
      log: createLog({ write: () => {} }),
    });
    await daemon.start();
    return daemon;
  }

  async function eventsSoFar(): Promise<readonly { readonly sequence: number; readonly kind: string }[]> {
    const events = [];
    for await (const event of client.events({ follow: false })) events.push(event);
    return events;
  }

  it('has after a restart the events, the accounts and the use of budgets from before it', async () => {
    const host = new SimulatedHost({ facts: FACTS });
    host.boot({ name: 'batch' });
    const first = await start(host);
    await until(async () => {
      host.advance(1e9);
      return (await client.ledger()).total.cpuNs > 0;
    });
    const before = await eventsSoFar();
    expect(before[0]?.kind).to.equal('started');
    await first.stop();
    const usedNs = Number((await host.observe()).guests[0]?.cpuNs);

    const wallMs = host.clock.wallMs() + 60_000;
    await start(new SimulatedHost({ facts: FACTS, wallMs }));
    const now = await eventsSoFar();
    expect(now.slice(0, before.length)).to.deep.equal(before);
    expect(now.map(({ sequence }) => sequence)).to.deep.equal(now.map((_, at) => at + 1));
    expect(now.filter(({ kind }) => kind === 'started')).to.have.length(2);
    const { rows, notRunning } = await client.ledger({ by: 'guest' });
    expect(rows.map(({ key }) => key)).to.deep.equal(['batch']);
    expect(rows[0]?.cpuNs).to.be.closeTo(usedNs, 0.01 * usedNs);
    expect(notRunning).to.have.length(1);
    const [budget] = (await client.status()).budgets;
    expect(budget?.usedNs).to.be.closeTo(usedNs, 0.01 * usedNs);
    expect((await client.conformance()).promises.map(({ mechanism }) => mechanism)).to.include('reservation');
  });

  it('has after a restart the samples from before it, and those of longer ago on request', async () => {
    const first = await start(new SimulatedHost({ facts: FACTS, wallMs: Date.now() }));
    const memory = 'host.memory.available';
    await until(
      async () => ((await client.samples(memory).catch(() => null))?.values.length ?? 0) >= 3,
      20_000,
    );
    const { fromMs, values } = await client.samples(memory);
    await first.stop();
    client.close();
    await start(new SimulatedHost({ facts: FACTS, wallMs: Date.now() }));
    const now = await client.samples(memory);
    expect(Math.abs(now.fromMs - fromMs)).to.be.below(1500);
    // Kept in single precision.
    expect((now.values[0] ?? 0) / (values[0] ?? 1)).to.be.closeTo(1, 1e-6);
    const past = await client.samples(memory, { fromMs: fromMs - 3_600_000 });
    const taken = (all: readonly (number | null)[]) => all.filter((value) => value !== null);
    // The place of the newest may lie half a step ahead of the clock.
    expect(taken(past.values)).to.have.length.at.least(taken(values).length - 1);
    expect(past.values[0]).to.equal(null);
  }).timeout(60_000);

  it('governs on where its ledger cannot be written, and says so', async () => {
    rmSync(stateDirectory, { recursive: true, force: true });
    writeFileSync(stateDirectory, 'no directory');
    const host = new SimulatedHost({ facts: FACTS });
    host.boot({ name: 'batch' });
    await start(host);
    host.advance(2e9);
    await until(async () =>
      (await client.status()).findings.some(({ code }) => code === 'ledger-not-written'),
    );
    expect((await client.status()).guests).to.have.length(1);
    const refused = await client.ledger().catch((error: unknown) => error);
    expect(refused).to.include({ status: 503 });
  });
});
