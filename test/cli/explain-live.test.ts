import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { type Client, connect } from '../../src/api/client.js';
import { Daemon } from '../../src/api/daemon.js';
import { explainLive } from '../../src/api/live-explanation.js';
import { LiveExplanationSchema } from '../../src/api/live-explanation-schema.js';
import { createLog } from '../../src/api/log.js';
import { SimulatedHost } from '../../src/enforce/index.js';
import { PLANS_AT_ONCE } from '../api/plans-at-once.js';
import { until } from '../support/guests/until.js';
import { FACTS } from './facts.js';
import { documentOf, vmc } from './vmc.js';

const POLICY = `vm steady { match name "steady" and user "*" vcpus 1 }
vm lent { match name "lent*" and user "*" vcpus 1 }
vm lonely { match name "lonely" and user "*" vcpus 1 }
signal price number
switch gaming
reserve steady 20ms every 100ms
when price > 40 for 1h { run lent 100ms every 500ms }
when gaming { limit lonely to 0.5 cores }
`;

describe('vmc explain --live', () => {
  let directory: string;
  let socket: string;
  let daemon: Daemon;
  let client: Client;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-explain-'));
    const file = join(directory, 'lab.vmc');
    writeFileSync(file, POLICY);
    socket = join(directory, 'vmcd.sock');
    const host = new SimulatedHost({ facts: FACTS });
    host.boot({ name: 'steady' });
    host.boot({ name: 'lent-1' });
    daemon = new Daemon({ file, socket, plans: PLANS_AT_ONCE, host, log: createLog({ write: () => {} }) });
    await daemon.start();
    client = connect({ socket });
    await client.pushSignal('price', 55);
    await until(async () => (await client.status()).atoms.some(({ sample }) => sample === 55));
  });
  after(async () => {
    client.close();
    await daemon.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const explain = async (subject: string) => explainLive(await client.status(), await client.plan(), subject);
  const cli = (...args: string[]) => vmc(['explain', '--live', ...args, '--socket', socket]);

  it('names the sentences, with their lines, that a guest is kept by', async () => {
    const explanation = await explain('steady');
    expect([...Value.Errors(LiveExplanationSchema, explanation)]).to.deep.equal([]);
    const [guest] = explanation?.guests ?? [];
    const kept = guest?.kept.find(({ mechanism }) => mechanism === 'reservation');
    expect(kept?.because.map(({ sentence, line }) => [sentence, line])).to.deep.equal([
      ['reserve steady 20ms every 100ms', 6],
    ]);
    expect(explanation?.conditions).to.deep.equal([]);
  });

  it('has the condition that decides, its sample, when it changes by itself, and what comes then', async () => {
    const explanation = await explain('lent-1');
    const [condition] = explanation?.conditions ?? [];
    expect(explanation?.conditions).to.have.length(1);
    expect(condition?.value).to.equal(false);
    expect(condition?.atoms.map(({ sample }) => sample)).to.deep.equal([55]);
    const [change] = explanation?.changes ?? [];
    expect(explanation?.changes).to.have.length(1);
    expect(change).to.include({ becomes: true, condition: condition?.text });
    expect(change?.gets).to.include('duty of lent: 100ms every 500ms');
    const inMs = (change?.atMs ?? 0) - (explanation?.atMs ?? 0);
    expect(inMs).to.be.within(3_000_000, 3_600_000);
  });

  it('explains a class without guests, and the mode with all of its conditions', async () => {
    const lonely = await explain('lonely');
    expect([lonely?.kind, lonely?.guests, lonely?.changes.map(({ condition }) => condition)]).to.deep.equal([
      'class',
      [],
      ['gaming'],
    ]);
    const mode = await explain('mode');
    expect(mode?.kind).to.equal('mode');
    expect(mode?.conditions).to.have.length(2);
    expect(mode?.changes).to.have.length(2);
    expect(await explain('nobody')).to.equal(null);
  });

  it('says it in words, and as the document', async () => {
    const { stdout, exitCode } = await cli('lent-1');
    expect(exitCode).to.equal(0);
    expect(stdout)
      .to.match(/^guest lent-1, mode /)
      .and.contain('what would change it');
    expect(stdout)
      .to.contain('now 55')
      .and.match(/price > 40.* becomes true \(in (1h|\d+min|\d+s) by itself\)/);
    const document = documentOf(await cli('steady', '--format', 'json'));
    expect([...Value.Errors(LiveExplanationSchema, document)]).to.deep.equal([]);
  });

  it('tells which subject may have been meant, and takes nothing but one', async () => {
    const wrong = await cli('lent-2');
    expect(wrong.exitCode).to.equal(3);
    expect(wrong.stderr).to.contain("did you mean 'lent-1'?");
    expect((await cli('steady', 'other')).exitCode).to.equal(3);
    expect((await cli('steady', '--at', '2026-11-23 10:00')).exitCode).to.equal(3);
  });
});
