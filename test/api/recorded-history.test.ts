import { expect } from 'chai';
import { RecordedHistory } from '../../src/api/recorded-history.js';
import { HistoryKeeper } from '../../src/enforce/history/history-keeper.js';
import type { HistoryQuestion } from '../../src/enforce/history/history-reader.js';
import { type LedgerThread, LedgerUnavailableError } from '../../src/enforce/ledger/ledger-thread.js';
import { Sensing } from '../../src/rps/index.js';
import { freshDirectory, removeDirectories } from '../enforce/ledger/support.js';
import { FakeProc } from '../rps/support/fake-proc.js';
import { ManualClock } from '../rps/support/manual-clock.js';

const S = 1e9;
const MINUTE = 60 * S;

describe('RecordedHistory', () => {
  let proc: FakeProc;
  let clock: ManualClock;
  let keeper: HistoryKeeper;
  let sensing: Sensing;
  let history: RecordedHistory;
  let second = 0;

  /** The thread's side without the thread. */
  const ledger = {
    ask: async (question: HistoryQuestion) => keeper.answer(question, clock.wallMs()),
    record: (blocks) => keeper.write(blocks, clock.wallMs()),
  } as Pick<LedgerThread, 'ask' | 'record'>;

  beforeEach(() => {
    proc = new FakeProc();
    proc.processors(1, 0);
    proc.runQueue(1, 100);
    proc.runDelay(0);
    clock = new ManualClock();
    second = 0;
    keeper = new HistoryKeeper(freshDirectory());
    keeper.start(clock.wallMs());
  });
  afterEach(() => {
    sensing.stop();
    keeper.stop();
    proc.dispose();
    removeDirectories();
  });

  async function begin(
    intervalNs = S,
    past: Pick<LedgerThread, 'ask' | 'record'> | null = ledger,
  ): Promise<void> {
    const root = proc.root;
    const options = {
      clock,
      schedule: clock.schedule,
      intervalNs,
      procRoot: root,
      sysRoot: root,
      devRoot: root,
    };
    sensing = new Sensing(options);
    history = new RecordedHistory(sensing, past, clock);
    await history.start();
    sensing.start();
  }
  function end(): void {
    sensing.stop();
    history.stop();
  }
  /** Available memory, in KiB, is the number of the second. */
  function run(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      proc.memory(++second);
      clock.advance(S);
    }
  }
  const memory = async (fromMs?: number, stepNs?: number) => {
    const query = { ...(fromMs !== undefined && { fromMs }), ...(stepNs !== undefined && { stepNs }) };
    const answer = await history.samples('host.memory.available', query);
    return { ...answer, values: answer?.values.map((bytes) => (bytes === null ? null : bytes / 1024)) ?? [] };
  };

  it('has after a restart the samples from before it, and a gap for the time between', async () => {
    proc.memory(0);
    await begin();
    run(200);
    end();
    clock.leap(30 * S);
    proc.memory(1000);
    await begin();
    const { values } = await memory();
    const recorded = values.filter((value) => value !== null);
    expect(recorded.slice(0, 200)).to.deep.equal(Array.from({ length: 200 }, (_, i) => i));
    expect(recorded.at(-1)).to.equal(1000);
    expect(values.slice(-10, -1).every((value) => value === null)).to.equal(true);
  });

  it('has forecasts begin where those of the daemon before it ended', async () => {
    await begin();
    for (let i = 0; i < 150; i++) {
      proc.processors(1, 50 * i + (i % 2) * 20);
      clock.advance(S);
    }
    end();
    clock.leap(2 * S);
    await begin();
    const forecast = sensing.signals.forecast('owner.demand', { horizonNs: S, level: 0.9 });
    expect(forecast?.status).to.equal('ready');
    expect(forecast?.samples).to.be.within(140, 151);
  });

  it('does not mix in what was sampled at another rate', async () => {
    proc.memory(0);
    await begin();
    run(100);
    end();
    await begin(2 * S);
    run(2);
    const { values, stepNs } = await memory();
    expect(stepNs).to.equal(2 * S);
    expect(values).to.have.length(2);
  });

  it('goes back beyond what is in memory, up to now', async () => {
    proc.memory(0);
    await begin();
    const startMs = clock.wallMs();
    run(2 * 3600 + 30);
    const short = await memory();
    expect(short.values).to.have.length(3600);
    const { fromMs, stepNs, values } = await memory(startMs, MINUTE);
    expect({ fromMs, stepNs }).to.deep.equal({
      fromMs: Math.floor(startMs / 60_000) * 60_000,
      stepNs: MINUTE,
    });
    expect(values).to.have.length(121);
    expect(values.at(-1)).to.be.within(7190, 7230);
    const fine = await memory(startMs);
    expect(fine.values.slice(10, 20)).to.deep.equal(
      values.length > 0 ? [10, 11, 12, 13, 14, 15, 16, 17, 18, 19] : [],
    );
  }).timeout(60_000);

  it('forgets the guests of the daemon before it, unless they are still there', async () => {
    proc.process(70, 100, { 70: [S, 0] });
    const root = proc.root;
    const guests = [{ key: '70-1', pid: 70 }];
    sensing = new Sensing({
      clock,
      schedule: clock.schedule,
      procRoot: root,
      sysRoot: root,
      devRoot: root,
      guests: () => guests,
    });
    history = new RecordedHistory(sensing, ledger, clock);
    await history.start();
    sensing.start();
    run(10);
    end();
    await begin();
    expect(sensing.signals.history('guest.70-1.cpu')).to.not.equal(null);
    run(301);
    expect(sensing.signals.history('guest.70-1.cpu')).to.equal(null);
    expect(
      await history.samples('guest.70-1.cpu', { fromMs: clock.wallMs() - 3_600_000 }),
      'on disk',
    ).to.not.equal(null);
  });

  it('begins anew where the past cannot be told, and says so to who asks for it', async () => {
    const broken: Pick<LedgerThread, 'ask' | 'record'> = {
      ask: () => Promise.reject(new LedgerUnavailableError('the disk does not answer')),
      record: () => {},
    };
    proc.memory(0);
    await begin(S, broken);
    run(5);
    expect((await memory()).values).to.have.length(6);
    const refused = await memory(0).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(LedgerUnavailableError);
  });

  it('is what is in memory where nothing is kept', async () => {
    proc.memory(0);
    await begin(S, null);
    run(5);
    expect((await memory(0)).values).to.have.length(6);
    expect(await history.samples('nothing.cpu', { fromMs: 0 })).to.equal(null);
  });
});
