import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { AlreadyRunningError, DaemonLock, lockHolder } from '../../../src/enforce/linux/daemon-lock.js';
import { until } from '../../support/guests/until.js';

describe('the lock of a host', () => {
  let directory: string;
  let file: string;
  let other: ChildProcess | null = null;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-lock-'));
    file = join(directory, 'vmc.slice.lock');
  });
  afterEach(() => {
    other?.kill('SIGKILL');
    other = null;
    rmSync(directory, { recursive: true, force: true });
  });

  it('is held by one daemon, and the second is told which', () => {
    const first = new DaemonLock(file);
    first.acquire();
    expect(() => new DaemonLock(file).acquire()).to.throw(AlreadyRunningError, `${process.pid}`);
    expect(lockHolder(file)).to.deep.equal({ pid: process.pid });
    first.release();
    expect(existsSync(file)).to.equal(false);
    expect(lockHolder(file)).to.equal(null);
    const second = new DaemonLock(file);
    second.acquire();
    second.release();
    second.release();
  });

  it('falls to the next when its holder is killed, and not before', async () => {
    // flock(1) locks as any process does, and writes no name.
    other = spawn('flock', [file, 'sleep', '60'], { stdio: 'ignore', detached: true });
    await until(() => existsSync(file) && lockHolder(file) !== null);
    expect(() => new DaemonLock(file).acquire()).to.throw(AlreadyRunningError, 'pid unknown');
    process.kill(-(other.pid ?? 0), 'SIGKILL');
    await once(other, 'exit');
    await until(() => lockHolder(file) === null);
    const lock = new DaemonLock(file);
    lock.acquire();
    expect(readFileSync(file, 'utf8')).to.equal(`${process.pid}\n`);
    lock.release();
  });

  it('is not kept by what stands in the file: a living pid, or garbage', () => {
    for (const left of [`${process.pid} 1\n`, 'garbage', '']) {
      writeFileSync(file, left);
      expect(lockHolder(file)).to.equal(null);
      const lock = new DaemonLock(file);
      lock.acquire();
      lock.release();
    }
  });
});
