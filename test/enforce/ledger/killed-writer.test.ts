import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Database } from '../../../src/enforce/ledger/database.js';
import { ledgerFile } from '../../../src/enforce/ledger/ledger-file.js';
import { LedgerKeeper } from '../../../src/enforce/ledger/ledger-keeper.js';
import { LEDGER } from '../../../src/enforce/ledger/schema.js';
import { until } from '../../support/guests/until.js';
import { freshDirectory, MONDAY, removeDirectories } from './support.js';

const PROGRAM = fileURLToPath(new URL('./endless-writer.mts', import.meta.url));
const KILLS = 3;

/** The number of the last slot that a writer in that directory said was written before it was killed. */
async function writeAndKill(directory: string, slots: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await until(() => said.split('\n').length > slots, 60_000);
  child.kill('SIGKILL');
  await once(child, 'close');
  return Number(said.split('\n').at(-2));
}

describe('a daemon that is killed while it writes', () => {
  afterEach(removeDirectories);

  it('loses at most the slot that it was writing, and nothing is there by halves', async function () {
    this.timeout(180_000);
    for (let kill = 0; kill < KILLS; kill++) {
      const directory = freshDirectory();
      const written = await writeAndKill(directory, 3 + 7 * kill);
      const keeper = new LedgerKeeper(directory);
      keeper.start(MONDAY);
      expect(keeper.troubles).to.deep.equal([]);
      keeper.stop(MONDAY);
      const database = Database.forReading(ledgerFile(directory), LEDGER);
      const levels = database
        .prepare('SELECT level, sum(cpu_ns), count(*) FROM guest_use GROUP BY level ORDER BY level')
        .all();
      const slots = Number(levels[0]?.[2]) / 50;
      expect(slots).to.be.within(written, written + 1);
      expect(new Set(levels.map(([, cpuNs]) => cpuNs))).to.deep.equal(new Set([slots * 50 * 5e9]));
      database.close();
    }
  });
});
