import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { packageRoot } from '../../src/support/package-root.js';

describe('the recorded session of messages', () => {
  it('is what the command line prints on a terminal', function () {
    this.timeout(60_000);
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'scripts/session.ts', '--check'],
      { cwd: packageRoot(), encoding: 'utf8' },
    );
    expect(stderr).not.to.include('npm run session');
    expect(status).to.equal(0);
  });
});
