import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parsePasswd, UserNames } from '../../src/qemu/user-names.js';

describe('UserNames', () => {
  it('knows the name of whoever runs this', () => {
    const names = new UserNames();
    names.refresh();
    expect(names.nameOf(process.getuid?.() ?? -1)).to.equal(
      execFileSync('id', ['-un'], { encoding: 'utf8' }).trim(),
    );
  });

  it('gives the number of a user without a name', () => {
    const names = new UserNames('/nonexistent');
    names.refresh();
    expect(names.nameOf(4242)).to.equal('4242');
  });

  it('notices that the file has changed', () => {
    const directory = mkdtempSync(join(tmpdir(), 'vmc-passwd-'));
    const path = join(directory, 'passwd');
    writeFileSync(path, 'alice:x:1000:1000::/:/bin/sh\n');
    const names = new UserNames(path);
    names.refresh();
    expect(names.nameOf(1000)).to.equal('alice');
    writeFileSync(path, 'alice:x:1000:1000::/:/bin/sh\nbob:x:1001:1001::/:/bin/sh\n');
    names.refresh();
    expect(names.nameOf(1001)).to.equal('bob');
    rmSync(directory, { recursive: true });
  });

  it('takes the first name of a uid and skips lines that are none', () => {
    const names = parsePasswd('# comment\nroot:x:0:0\ntoor:x:0:0\n:x:5:5\nbad:x:abc:1\n\n');
    expect([...names]).to.deep.equal([[0, 'root']]);
  });
});
