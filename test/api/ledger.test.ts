import { expect } from 'chai';
import { SLOT_MS } from '../../src/enforce/ledger/ledger-batch.js';
import { LedgerKeeper } from '../../src/enforce/ledger/ledger-keeper.js';
import { LedgerUnavailableError } from '../../src/enforce/ledger/ledger-thread.js';
import type { EnforcerEvent } from '../../src/enforce/status.js';
import { batchAt, freshDirectory, MONDAY, removeDirectories } from '../enforce/ledger/support.js';
import { type Serving, startServing } from './serving.js';

const eventAt = (sequence: number): EnforcerEvent => ({
  sequence,
  atMs: MONDAY + sequence,
  kind: 'finding',
  subject: null,
  message: `number ${sequence}`,
  causes: [],
});

describe('the ledger over HTTP', () => {
  let serving: Serving;
  let keeper: LedgerKeeper;
  beforeEach(async () => {
    serving = await startServing();
    keeper = new LedgerKeeper(freshDirectory());
    keeper.start(MONDAY);
    const ask = async (question: Parameters<LedgerKeeper['answer']>[0]) =>
      keeper.answer(question, MONDAY + SLOT_MS);
    Object.defineProperty(serving.services, 'ledger', { value: { ask }, configurable: true });
  });
  afterEach(async () => {
    keeper.stop(MONDAY + SLOT_MS);
    await serving.stop();
    removeDirectories();
  });

  it('groups what was used, between two instants', async () => {
    keeper.write(batchAt(MONDAY));
    expect((await serving.client.ledger()).rows.map(({ key }) => key)).to.deep.equal(['batch']);
    expect((await serving.client.ledger({ by: 'user' })).rows.map(({ key }) => key)).to.deep.equal(['alice']);
    expect((await serving.client.ledger({ toMs: MONDAY })).rows).to.deep.equal([]);
    expect((await serving.client.conformance({ fromMs: MONDAY })).kept).to.equal(true);
  });

  it('refuses what is no grouping, and times that end before they begin', async () => {
    const status = async (path: string) => (await serving.app.inject(path)).statusCode;
    expect(await status('/v1/ledger?by=colour')).to.equal(400);
    expect(await status('/v1/ledger?from=5&to=5')).to.equal(400);
    expect(await status('/v1/ledger?from=-1')).to.equal(400);
    expect(await status('/v1/ledger/conformance?to=x')).to.equal(400);
  });

  it('is a problem where there is none, or it cannot be read now', async () => {
    const ask = async () => {
      throw new LedgerUnavailableError('the disk does not answer');
    };
    Object.defineProperty(serving.services, 'ledger', { value: { ask }, configurable: true });
    expect((await serving.app.inject('/v1/ledger')).json()).to.include({
      status: 503,
      detail: 'the disk does not answer',
    });
    Object.defineProperty(serving.services, 'ledger', { value: null, configurable: true });
    expect((await serving.app.inject('/v1/ledger')).statusCode).to.equal(404);
  });

  it('has the events that are not in memory any more', async () => {
    for (let sequence = 1; sequence <= 150; sequence++) keeper.append(eventAt(sequence));
    // In memory are the last thousand of 1,100.
    for (let at = 0; at < 1100; at++)
      serving.services.events.append({ kind: 'finding', message: 'm' }, MONDAY);
    const read: number[] = [];
    for await (const { sequence } of serving.client.events({ follow: false })) read.push(sequence);
    expect(read).to.deep.equal([
      ...Array.from({ length: 100 }, (_, at) => at + 1),
      ...Array.from({ length: 1000 }, (_, at) => 101 + at),
    ]);
    const later: number[] = [];
    const since = { follow: false, after: 98, sinceMs: MONDAY + 1 };
    for await (const { sequence } of serving.client.events(since)) later.push(sequence);
    expect(later).to.deep.equal([99, 100]);
  });
});
