import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { DaemonLock } from '../../src/enforce/linux/daemon-lock.js';
import { requireRoot } from '../support/guests/require-qemu.js';

const SOURCE = fileURLToPath(new URL('../../src/enforce/linux/daemon-lock.ts', import.meta.url));
const NOBODY = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];

describe('the lock of root’s daemon, for other users', () => {
  let directory: string;
  let lock: DaemonLock;
  before(function () {
    requireRoot(this, 'to be another user as well');
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-lock-'));
    chmodSync(directory, 0o755);
    lock = new DaemonLock(join(directory, 'vmc.slice.lock'));
    lock.acquire();
  });
  afterEach(() => {
    lock.release();
    rmSync(directory, { recursive: true, force: true });
  });
  const asNobody = (...command: string[]) =>
    spawnSync('setpriv', [...NOBODY, ...command], { encoding: 'utf8', cwd: join(SOURCE, '../../../..') });

  it('cannot be opened, and so not be taken to keep the daemon from starting', () => {
    expect(statSync(lock.file).mode & 0o777).to.equal(0o600);
    expect(asNobody('flock', '--nonblock', lock.file, 'true').status).not.to.equal(0);
  });

  it('can be seen to be held, and by whom, and to be free', () => {
    const script = `import { lockHolder } from ${JSON.stringify(SOURCE)}; console.log(JSON.stringify(lockHolder(${JSON.stringify(lock.file)})));`;
    const ask = () => asNobody(process.execPath, '--import', 'tsx', '--input-type=module', '-e', script);
    expect(ask().stdout.trim()).to.equal(`{"pid":${process.pid}}`);
    lock.release();
    expect(ask().stdout.trim()).to.equal('null');
  });
});
