import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { HistoryKeeper } from '../../../src/enforce/history/history-keeper.js';
import type { HistoryBlock } from '../../../src/rps/history/history-block.js';
import { until } from '../../support/guests/until.js';
import { freshDirectory, removeDirectories } from '../ledger/support.js';
import { MINUTE, START } from './support.js';

const PROGRAM = fileURLToPath(new URL('./endless-history.mts', import.meta.url));
const KILLS = 3;

/** The number of the last minute that a writer in that directory said was written before it was killed. */
async function writeAndKill(directory: string, minutes: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await until(() => said.split('\n').length > minutes, 60_000);
  child.kill('SIGKILL');
  await once(child, 'close');
  return Number(said.split('\n').at(-2));
}

describe('a daemon that is killed while it writes its history', () => {
  afterEach(removeDirectories);

  it('loses at most the minute that it was writing, of no signal more than of another', async function () {
    this.timeout(180_000);
    for (let kill = 0; kill < KILLS; kill++) {
      const directory = freshDirectory();
      // Beyond an hour: minutes are rolled up meanwhile, too.
      const written = await writeAndKill(directory, 3 + 40 * kill);
      const nowMs = START + (written + 1) * MINUTE;
      const keeper = new HistoryKeeper(directory);
      keeper.start(nowMs);
      expect(keeper.troubles).to.deep.equal([]);
      const ends = Array.from({ length: 50 }, (_, signal) => {
        const question = { kind: 'samples', signal: `s${signal}`, fromMs: START, stepMs: MINUTE } as const;
        const block = keeper.answer(question, nowMs) as HistoryBlock;
        const means = [...block.values].filter((value) => !Number.isNaN(value));
        expect(means).to.deep.equal(means.map((_, at) => at + 1 + 29.5));
        return means.length;
      });
      expect(new Set(ends).size, 'all signals of a minute or none').to.equal(1);
      expect(ends[0]).to.be.within(written, written + 1);
      keeper.stop();
    }
  });
});
