import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { AlreadyRunningError, DaemonLock, readLock } from '../../../src/enforce/linux/daemon-lock.js';

describe('the lock of a host', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-lock-'));
    file = join(directory, 'vmcd.lock');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is held by one process, and the second is told which', () => {
    const first = new DaemonLock(file);
    first.acquire();
    expect(() => new DaemonLock(file).acquire()).to.throw(AlreadyRunningError, `${process.pid}`);
    first.release();
    new DaemonLock(file).acquire();
    expect(readLock(file)?.pid).to.equal(process.pid);
  });

  it('falls to the next when its holder has ended, even if the pid lives again', () => {
    writeFileSync(file, `${process.pid} 1\n`); // this pid, but another start time
    new DaemonLock(file).acquire();
    expect(readLock(file)?.startTime).not.to.equal(1n);
  });

  it('falls to the next when its file is not readable as one', () => {
    writeFileSync(file, 'garbage');
    new DaemonLock(file).acquire();
    expect(readLock(file)?.pid).to.equal(process.pid);
  });
});
