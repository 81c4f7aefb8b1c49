import { expect } from 'chai';
import { HistoryKeeper } from '../../src/enforce/history/history-keeper.js';
import { type Serving, startServing } from '../api/serving.js';
import { freshDirectory, removeDirectories } from '../enforce/ledger/support.js';
import { documentOf, vmc } from './vmc.js';

const MINUTE = 60_000;

interface Series {
  readonly series: readonly {
    readonly signal: string;
    readonly stepNs: number;
    readonly values: (number | null)[];
  }[];
}

describe('vmc sense --from', () => {
  let serving: Serving | null = null;
  afterEach(async () => {
    await serving?.stop();
    serving = null;
    removeDirectories();
  });

  /** Where no daemon runs, on what the last one left: a minute of one value, an hour of nothing, and a minute of another. */
  function offline(...args: string[]) {
    const directory = freshDirectory();
    const keeper = new HistoryKeeper(directory);
    const nowMs = Date.now();
    keeper.start(nowMs);
    for (const [ago, value] of [
      [62, 10],
      [1, 30],
    ] as const) {
      const block = { signal: 'owner.demand', fromMs: nowMs - ago * MINUTE, stepMs: 1000 };
      keeper.write([{ ...block, values: new Float32Array(60).fill(value) }], nowMs);
    }
    keeper.stop();
    return vmc(['sense', ...args], { env: { VMC_STATE_DIR: directory, VMC_RUNTIME_DIR: directory } });
  }

  it('answers what the last daemon has recorded, where none runs', async () => {
    const ended = await offline('owner.demand', '--from', '2h', '--format', 'json');
    const [series] = (documentOf(ended) as unknown as Series).series;
    expect(series).to.include({ signal: 'owner.demand', stepNs: 1e9 });
    expect(series?.values).to.have.length.within(7199, 7201);
    expect(series?.values.filter((value) => value === 10)).to.have.length(60);
    expect(series?.values.filter((value) => value === 30)).to.have.length.within(59, 60);
  });

  it('shows a run of gaps as one row', async () => {
    const { stdout } = await offline('owner.demand', '--from', '90min', '--step', '1min');
    expect(stdout).to.contain('owner.demand, % of cpu; 1min each');
    expect(stdout).to.match(/nothing for \d+min/);
    expect(stdout.trimEnd().split('\n').length).to.be.below(12);
  });

  it('asks the daemon where one runs', async () => {
    serving = await startServing();
    const args = [
      'sense',
      'owner.demand',
      '--from',
      '2026-01-01',
      '--step',
      '1min',
      '--socket',
      serving.socket,
    ];
    const { series } = documentOf(await vmc([...args, '--format', 'json'])) as unknown as Series;
    expect(series[0]?.stepNs).to.equal(60e9);
    expect(series[0]?.values).to.have.length(5);
  });

  it('says what is missing', async () => {
    const complaints: readonly (readonly [args: string[], exitCode: number, message: RegExp])[] = [
      [['--from', '2h'], 3, /of which signals/],
      [['owner.demand', '--from', 'noon'], 3, /--from takes a time/],
      [['owner.demand', '--from', '2h', '--step', 'long'], 3, /--step takes a time/],
      [['owner.demand', '--step', '1min'], 3, /without --from/],
      [['host.battery', '--from', '2h'], 4, /no samples of host\.battery/],
    ];
    for (const [args, exitCode, message] of complaints) {
      const ended = await offline(...args);
      expect(ended.exitCode, ended.stderr).to.equal(exitCode);
      expect(ended.stderr).to.match(message);
    }
  });
});
