import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { packageRoot } from '../../src/support/package-root.js';
import { LoadedDaemon } from '../api/loaded-daemon.js';
import { until } from '../support/guests/until.js';

const EXAMPLE = join(packageRoot(), 'examples', 'scheduler', 'scheduler.ts');

async function schedule(...args: string[]) {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', EXAMPLE, ...args], { env, cwd: packageRoot() });
  const [out, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  /** Where each job went. */
  const placed = [...out.matchAll(/^\S+ on (\S+):/gm)].map(([, where]) => where);
  return { placed, complaints, code };
}

describe('the example of a scheduler', function () {
  this.timeout(120_000);
  let calm: LoadedDaemon;
  let busy: LoadedDaemon;
  beforeEach(async () => {
    calm = new LoadedDaemon(10);
    busy = new LoadedDaemon(95);
    await Promise.all([calm, busy].map((one) => one.start()));
    await Promise.all([calm, busy].map(modelled));
  });
  afterEach(() => Promise.all([calm.stop(), busy.stop()]));

  /** There are samples enough for more than "as now". */
  const modelled = ({ client }: LoadedDaemon) =>
    until(async () => {
      const answer = await client.runningTime('1s').catch(() => null);
      return answer !== null && answer.basis.model !== 'LAST';
    }, 60_000);
  const on = (...sockets: readonly string[]) => sockets.flatMap((socket) => ['--host', socket]);

  it('places a job where its limit is the least, and elsewhere when the loads have changed places', async () => {
    const hosts = on(busy.socket, calm.socket);
    expect(await schedule(...hosts, '5s')).to.deep.equal({
      placed: [calm.socket],
      complaints: '',
      code: 0,
    });
    [calm.loadPercent, busy.loadPercent] = [busy.loadPercent, calm.loadPercent];
    await until(async () => (await schedule(...hosts, '5s')).placed[0] === busy.socket, 60_000);
  });

  it('goes on without a daemon that is down, and leaves alone one that has only just begun', async () => {
    // Calmer than the others, but little will be known of it for a minute.
    const young = new LoadedDaemon(0, 1e9);
    const nowhere = join(packageRoot(), 'no-such-daemon.sock');
    await young.start();
    try {
      const { placed, complaints, code } = await schedule(
        ...on(nowhere, young.socket, busy.socket, calm.socket),
        '5s',
      );
      expect([placed, code]).to.deep.equal([[calm.socket], 0]);
      expect(complaints).to.contain(`not on ${nowhere}: no daemon listens on ${nowhere}\n`);
      const only = () => schedule(...on(nowhere, young.socket), '5s');
      await until(async () => (await only()).placed[0] === young.socket);
    } finally {
      await young.stop();
    }
    const none = await schedule(...on(nowhere, young.socket), '5s');
    expect([none.placed, none.code]).to.deep.equal([[], 4]);
    expect(none.complaints).to.contain('5s: no host takes it');
  });

  it('counts what it has placed, and says what no host can be asked', async () => {
    const { placed } = await schedule(...on(busy.socket, calm.socket), '5s', '5s', '5s', '5s');
    expect(placed[0]).to.equal(calm.socket);
    expect(new Set(placed).size).to.equal(2);
    const { complaints, code } = await schedule(...on(calm.socket), '--level', '0%', '5s');
    expect(complaints).to.contain('level must be a percentage above 0% and below 100%, such as 95%');
    expect(code).to.not.equal(0);
  });

  it('is as short as the documents say', () => {
    const lines = readFileSync(EXAMPLE, 'utf8').trimEnd().split('\n').length;
    expect(lines).to.be.at.most(100);
  });
});
