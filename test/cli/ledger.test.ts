import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { SLOT_MS } from '../../src/enforce/ledger/ledger-batch.js';
import { LedgerKeeper } from '../../src/enforce/ledger/ledger-keeper.js';
import { ConformanceSchema, LedgerSchema } from '../../src/enforce/ledger/ledger-schema.js';
import { type Serving, startServing } from '../api/serving.js';
import {
  batchAt,
  freshDirectory,
  guestUse,
  ledgerGuest,
  MONDAY,
  promiseUse,
  removeDirectories,
} from '../enforce/ledger/support.js';
import { vmc } from './vmc.js';

const NAMES = ['build', 'a "b", c', '=1+1'];
const missed = promiseUse({ deliveredNs: 3e9, misses: [{ cause: 'refused', ns: 1.9e9 }] });

/** A ledger of one slot and one event, in a directory of its own. */
function filled(): { readonly directory: string; readonly keeper: LedgerKeeper } {
  const directory = freshDirectory();
  const keeper = new LedgerKeeper(directory);
  keeper.start(MONDAY);
  const guests = NAMES.map((name) => guestUse({ guest: ledgerGuest(name) }));
  keeper.write(batchAt(MONDAY, { guests, promises: [missed] }));
  const common = { atMs: MONDAY, subject: null, causes: [] };
  keeper.append({ ...common, sequence: 1, kind: 'started', message: 'enforcing demo' });
  keeper.append({ ...common, sequence: 2, kind: 'stopped', message: 'given back', atMs: MONDAY + 5000 });
  return { directory, keeper };
}

describe('vmc ledger and vmc events', () => {
  let serving: Serving | null = null;
  afterEach(async () => {
    await serving?.stop();
    serving = null;
    removeDirectories();
  });

  /** Runs a command where no daemon runs, on what the last one left. */
  const offline = (...args: string[]) => {
    const { directory, keeper } = filled();
    keeper.stop(MONDAY + SLOT_MS);
    return vmc(args, { env: { VMC_STATE_DIR: directory, VMC_RUNTIME_DIR: directory } });
  };
  /** Runs a command with a daemon, in whose memory is only the last event. */
  const online = async (...args: string[]) => {
    const { keeper } = filled();
    serving = await startServing();
    const ask = async (question: Parameters<LedgerKeeper['answer']>[0]) =>
      keeper.answer(question, MONDAY + SLOT_MS);
    Object.defineProperty(serving.services, 'ledger', { value: { ask } });
    const answer = await vmc([...args, '--socket', serving.socket]);
    keeper.stop(MONDAY + SLOT_MS);
    return answer;
  };

  for (const [how, run] of [
    ['from the daemon', online],
    ['from its file', offline],
  ] as const) {
    it(`give documents by their schemas, ${how}`, async () => {
      const use = JSON.parse((await run('ledger', '--by', 'guest', '--format', 'json')).stdout);
      expect([...Value.Errors(LedgerSchema, use)]).to.deep.equal([]);
      expect(use.rows.map(({ key }: { key: string }) => key)).to.have.members(NAMES);
      await serving?.stop();
      const conformance = JSON.parse((await run('ledger', '--conformance', '--format', 'json')).stdout);
      expect([...Value.Errors(ConformanceSchema, conformance)]).to.deep.equal([]);
      expect(conformance.kept).to.equal(false);
    });
  }

  it('write CSV by RFC 4180, and no formula for a spreadsheet', async () => {
    const { stdout } = await offline('ledger', '--by', 'guest', '--format', 'csv');
    const lines = stdout.split('\r\n');
    expect(lines[0]).to.equal(
      'guest,cpu_ns,promised_ns,wanted_ns,elapsed_ns,stopped_ns,stopped_by_user_ns,longest_gap_ns',
    );
    expect(lines.slice(1, -1)).to.have.members([
      "'=1+1,5000000000,5000000000,6000000000,10000000000,0,0,4000000",
      '"a ""b"", c",5000000000,5000000000,6000000000,10000000000,0,0,4000000',
      'build,5000000000,5000000000,6000000000,10000000000,0,0,4000000',
    ]);
    expect(lines.at(-1)).to.equal('');
    const causes = (await offline('ledger', '--conformance', '--format', 'csv')).stdout.split('\r\n')[1];
    expect(causes).to.equal(
      'build,alice,batch,calm,reservation,50ms every 100ms,cores,exactly,0.5,0.3,10000000000,false,refused,1900000000',
    );
  });

  it('say in words what was missed and why', async () => {
    const { stdout } = await offline('ledger', '--conformance');
    expect(stdout)
      .to.contain('1.9s missed because the host refused what keeps it')
      .and.contain('not every promise');
  });

  it('tell events from before the restart, from an instant on', async () => {
    const all = await offline('events');
    expect(all.stdout.split('\n')[0]).to.contain('started').and.contain('enforcing demo');
    const later = JSON.parse(
      (await offline('events', '--since', '2026-11-22T23:00:03Z', '--format', 'json')).stdout,
    );
    expect(later.events.map(({ sequence }: { sequence: number }) => sequence)).to.deep.equal([2]);
  });

  it('refuse times that are none, and say what is missing where there is no ledger', async () => {
    expect(await offline('ledger', '--from', 'yesterday')).to.include({ exitCode: 3 });
    expect(await offline('ledger', '--from', '1h', '--to', '2h')).to.include({ exitCode: 3 });
    const directory = freshDirectory();
    const none = await vmc(['ledger'], { env: { VMC_STATE_DIR: directory, VMC_RUNTIME_DIR: directory } });
    expect(none.exitCode).to.equal(4);
    expect(none.stderr).to.contain('there is no ledger');
  });
});
