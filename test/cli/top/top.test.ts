import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { status } from '../../api/fake-services.js';
import { type Serving, startServing } from '../../api/serving.js';
import { until } from '../../support/guests/until.js';
import { skipBecause } from '../../support/skip-because.js';
import { documentOf, VMC, vmc } from '../vmc.js';

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';

describe('vmc top', () => {
  let serving: Serving;
  let child: ChildProcess | null;
  let shown: string;

  beforeEach(async () => {
    serving = await startServing();
    serving.services.events.append({ kind: 'finding', message: 'something happened' }, Date.now());
    child = null;
    shown = '';
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await serving.stop();
  });

  describe('where there is no terminal to draw on', () => {
    it('prints one plain frame', async () => {
      const { stdout, exitCode } = await vmc(['top', '--socket', serving.socket]);
      expect(exitCode).to.equal(0);
      expect(stdout)
        .to.match(/^ vmc top {2}demo/)
        .and.contain('my vm')
        .and.contain('something happened');
      expect(stdout).to.not.contain('\u001b');
    });

    it('answers the status as JSON', async () => {
      const ended = await vmc(['top', '--once', '--format', 'json', '--socket', serving.socket]);
      expect(documentOf(ended)).to.deep.equal(status);
    });

    it('says that there is no daemon', async () => {
      const { exitCode, stdout, stderr } = await vmc(['top', '--socket', '/nowhere/vmcd.sock']);
      expect([exitCode, stdout]).to.deep.equal([4, '']);
      expect(stderr).to.contain('no daemon listens on /nowhere/vmcd.sock');
    });
  });

  describe('on a terminal', () => {
    before(function () {
      if (spawnSync('script', ['--version']).error) skipBecause(this, 'needs script (bsdutils)');
    });

    /** In a terminal of its own, 80 by 24; what it writes is in `shown`. */
    function start(term = 'xterm', env: Record<string, string> = {}): ChildProcess {
      const line = `stty cols 80 rows 24; exec '${process.execPath}' '${VMC}' top --socket '${serving.socket}'`;
      const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, NO_COLOR: ___, ...rest } = process.env;
      const started = spawn('script', ['-qec', line, '/dev/null'], {
        env: { ...rest, TERM: term, LC_ALL: 'C.UTF-8', SHELL: '/bin/sh', ...env },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      started.stdout.setEncoding('utf8').on('data', (piece: string) => {
        shown += piece;
      });
      child = started;
      return started;
    }
    const type = (keys: string) => child?.stdin?.write(keys);
    const exit = async (): Promise<number> => {
      const [code] = (await once(child!, 'close')) as [number];
      child = null;
      return code;
    };
    const appears = (text: string) => until(() => shown.includes(text));

    it('draws on a screen of its own, obeys keys, and gives the terminal back', async () => {
      start();
      await appears('my vm');
      expect(shown).to.contain(ENTER);
      type('s');
      await appears('order: worst');
      type('?');
      await appears('any key puts it away');
      type('xq');
      expect(await exit()).to.equal(0);
      expect(shown.split(LEAVE)).to.have.length(2);
      expect(shown.trimEnd().endsWith(LEAVE)).to.equal(true);
    });

    it('follows what happens', async () => {
      start();
      await appears('something happened');
      serving.services.events.append({ kind: 'finding', message: 'and something else' }, Date.now());
      await appears('and something else');
      serving.services.current = { ...status, mode: { ...status.mode!, id: 'another mode' } };
      await appears('another mode');
      type('q');
      expect(await exit()).to.equal(0);
    });

    it('gives the terminal back when it is ended by a signal', async () => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
        shown = '';
        const script = start();
        await appears('my vm');
        const [pid] = spawnSync('pgrep', ['-P', `${script.pid}`], { encoding: 'utf8' })
          .stdout.trim()
          .split('\n');
        process.kill(Number(pid), signal);
        await exit();
        expect(shown.trimEnd().endsWith(LEAVE), signal).to.equal(true);
      }
    });

    it('says so when the daemon is gone, and goes on when one is back', async () => {
      start();
      await appears('my vm');
      await serving.app.close();
      await appears('no daemon listens');
      expect(shown).to.not.contain(LEAVE);
      const back = await startServing(serving.socket);
      shown = '';
      await appears('mode');
      type('q');
      expect(await exit()).to.equal(0);
      await back.stop();
    });

    it('draws what has changed, not everything anew', async () => {
      start();
      await appears('my vm');
      const before = shown.length;
      serving.services.events.append({ kind: 'finding', message: 'one more line' }, Date.now());
      await appears('one more line');
      expect(shown.slice(before)).to.not.contain('\u001b[2J');
      type('\u000c');
      await until(() => shown.slice(before).includes('\u001b[2J'));
      type('q');
      await exit();
    });

    it('uses no colours where NO_COLOR says so', async () => {
      start('xterm', { NO_COLOR: '1' });
      await appears('my vm');
      type('q');
      await exit();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are.
      expect(shown).to.not.match(/\u001b\[[1-9][0-9;]*m/);
    });

    it('prints a plain frame where the terminal cannot move its cursor', async () => {
      start('dumb');
      expect(await exit()).to.equal(0);
      expect(shown).to.contain('my vm').and.not.contain(ENTER);
    });
  });
});
