import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SLOT_MS } from '../../../src/enforce/ledger/ledger-batch.js';
import { LedgerThread, LedgerUnavailableError } from '../../../src/enforce/ledger/ledger-thread.js';
import type { EnforcerEvent } from '../../../src/enforce/status.js';
import { until } from '../../support/guests/until.js';
import { batchAt, freshDirectory, MONDAY, removeDirectories, ZONE } from './support.js';

const clock = { monotonicNs: () => 0n, wallMs: () => MONDAY + SLOT_MS };
const ALL = { kind: 'use', by: 'class', fromMs: MONDAY, toMs: null, zone: ZONE } as const;
const event = (sequence: number): EnforcerEvent => ({
  sequence,
  atMs: MONDAY,
  kind: 'started',
  subject: null,
  message: 'it began',
  causes: [],
});

describe('the ledger’s thread', () => {
  const threads: LedgerThread[] = [];
  afterEach(async () => {
    for (const thread of threads.splice(0)) await thread.stop();
    removeDirectories();
  });

  async function start(directory: string) {
    const thread = new LedgerThread(directory, clock);
    threads.push(thread);
    return { thread, before: await thread.start() };
  }

  it('writes what it is given and answers from it, over a restart', async () => {
    const directory = freshDirectory();
    const { thread } = await start(directory);
    thread.write(batchAt(MONDAY));
    thread.append(event(1));
    expect((await thread.ask(ALL)).total.cpuNs).to.equal(5e9);
    await thread.stop();
    const { thread: next, before } = await start(directory);
    expect(before).to.deep.equal({ events: [event(1)], sequence: 1, budgets: [] });
    expect(await next.ask({ kind: 'events', after: 0, sinceMs: 0, most: 10 })).to.deep.equal([event(1)]);
  });

  it('says what is wrong, goes on, and refuses to answer', async () => {
    const directory = join(freshDirectory(), 'state');
    writeFileSync(directory, 'no directory');
    const { thread } = await start(directory);
    thread.write(batchAt(MONDAY));
    await until(() => thread.troubles.length > 0);
    expect(thread.troubles[0]?.code).to.equal('ledger-not-written');
    const refused = await thread.ask(ALL).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(LedgerUnavailableError);
    expect((refused as Error).message).to.contain('cannot be written');
  });

  it('has nothing to say when it is closed', async () => {
    const { thread } = await start(freshDirectory());
    await thread.stop();
    await thread.stop();
    expect(await thread.ask(ALL).catch((error: unknown) => error)).to.be.instanceOf(LedgerUnavailableError);
  });
});
