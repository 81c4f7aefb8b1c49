import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Client, connect } from '../../src/api/client.js';
import { Daemon } from '../../src/api/daemon.js';
import { createLog } from '../../src/api/log.js';
import { SimulatedHost } from '../../src/enforce/index.js';
import { FACTS } from '../cli/facts.js';
import { PLANS_AT_ONCE } from './plans-at-once.js';

const HOUR_MS = 3_600_000;
const POLICY = `
vm steady { match name "steady" and user "*" vcpus 1 }
switch gaming
switch quiet
when gaming { limit guests to 1 core }
when quiet { pause steady }
`;

describe('switches over a restart of the daemon', () => {
  let directory: string;
  let stateDirectory: string;
  let wallMs: number;
  let client: Client;
  let daemon: Daemon;

  async function start(): Promise<void> {
    const [file, socket] = [join(directory, 'policy.vmc'), join(directory, 'vmcd.sock')];
    const host = new SimulatedHost({ facts: FACTS, wallMs });
    client = connect({ socket });
    daemon = new Daemon({
      file,
      socket,
      plans: PLANS_AT_ONCE,
      host,
      log: createLog({ write: () => {} }),
      stateDirectory,
    });
    await daemon.start();
  }

  async function stop(): Promise<void> {
    client.close();
    await daemon.stop();
  }

  const switches = async () => {
    const status = await client.status();
    return Object.fromEntries(status.switches.map(({ name, on, untilMs }) => [name, { on, untilMs }]));
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-switches-'));
    stateDirectory = join(directory, 'state');
    mkdirSync(stateDirectory);
    writeFileSync(join(directory, 'policy.vmc'), POLICY);
    wallMs = Date.UTC(2026, 10, 23, 10);
    await start();
  });
  afterEach(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('are as they were, and end when they would have', async () => {
    const endMs = wallMs + 8 * HOUR_MS;
    await client.setSwitch('gaming', true, { for: '8h' });
    await stop();
    wallMs += 3 * HOUR_MS;
    await start();
    const { gaming, quiet } = await switches();
    expect(gaming?.on).to.equal(true);
    expect(gaming?.untilMs).to.be.closeTo(endMs, 5);
    expect(quiet).to.deep.equal({ on: false, untilMs: null });
    await stop();
    wallMs += 5 * HOUR_MS;
    await start();
    expect((await switches())['gaming']?.on).to.equal(false);
  });

  it('stay on that were set without an end, and off that were set off', async () => {
    for (const name of ['gaming', 'quiet']) await client.setSwitch(name, true);
    await client.setSwitch('quiet', false);
    await stop();
    await start();
    expect(await switches()).to.deep.equal({
      gaming: { on: true, untilMs: null },
      quiet: { on: false, untilMs: null },
    });
  });

  it('are forgotten where the policy has them no more', async () => {
    await client.setSwitch('gaming', true);
    await stop();
    writeFileSync(join(directory, 'policy.vmc'), POLICY.replaceAll('gaming', 'playing'));
    await start();
    expect((await switches())['playing']).to.deep.equal({ on: false, untilMs: null });
  });

  for (const damaged of [
    '',
    '{"switchesVersion":1,"sw',
    '{"switchesVersion":2,"switches":[]}',
    '[{}]',
    'null',
  ]) {
    it(`are all off, and a finding says so, where the file holds ${JSON.stringify(damaged)}`, async () => {
      await stop();
      writeFileSync(join(stateDirectory, 'switches.json'), damaged);
      await start();
      const { findings, switches: now } = await client.status();
      expect(now.every(({ on }) => !on)).to.equal(true);
      expect(findings.map(({ code }) => code)).to.include('switches-lost');
      await client.setSwitch('quiet', true);
      expect((await client.status()).findings.map(({ code }) => code)).not.to.include('switches-lost');
      expect(JSON.parse(readFileSync(join(stateDirectory, 'switches.json'), 'utf8'))).to.deep.equal({
        switchesVersion: 1,
        switches: [{ name: 'quiet', untilMs: null }],
      });
    });
  }
});
