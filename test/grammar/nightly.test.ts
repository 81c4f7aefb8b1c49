import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const nightly = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/nightly.mjs', ...args], { cwd: ROOT, encoding: 'utf8' });

describe('npm run nightly', () => {
  it('runs parts of campaigns in processes of their own, and says what came of them', () => {
    const { status, stdout, stderr } = nightly('--seed', '3', '--part', '0.0003', '--only', 'parsers');
    expect(stderr).to.equal('');
    expect(stdout).to.match(/^nightly: seed 3, \d+ processes/);
    expect(stdout).to.match(/sentences in two parsers: 21 inputs of \d+ characters .*: no failure/);
    expect(stdout).to.match(/policies in two parsers: 9 inputs of \d+ characters .*: no failure/);
    expect(stdout).to.match(/nightly: all claims held\n$/);
    expect(status).to.equal(0);
  });

  it('fails where it ran nothing', () => {
    const { status, stdout } = nightly('--only', 'no such campaign');
    expect(stdout).to.match(/nightly: FAILED\n$/);
    expect(status).to.equal(1);
  });
});
