import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { yieldToHostDaemon } from '../../src/api/yield-to-host-daemon.js';
import { DaemonLock } from '../../src/enforce/linux/daemon-lock.js';
import { until } from '../support/guests/until.js';

describe('the daemon of a user', () => {
  let directory: string;
  let reasons: string[];
  let end: () => void = () => {};
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-yield-'));
    reasons = [];
  });
  afterEach(() => {
    end();
    rmSync(directory, { recursive: true, force: true });
  });

  it('gives way, once, when the daemon of the host takes its lock', async () => {
    const lock = new DaemonLock(join(directory, 'vmc.slice.lock'));
    end = yieldToHostDaemon((reason) => reasons.push(reason), lock.file, 1000);
    lock.acquire();
    await until(() => reasons.length > 0);
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.contain(`pid ${process.pid}`);
  });
});
