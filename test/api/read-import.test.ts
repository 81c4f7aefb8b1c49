import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { importReader } from '../../src/api/read-import.js';

describe('reading what a policy imports', () => {
  let folder = '';
  const path = (name: string) => join(folder, name);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'vmc-imports-'));
    mkdirSync(path('lab/sub'), { recursive: true });
    writeFileSync(path('outside.vmc'), 'switch outside');
    writeFileSync(path('lab/sub/b.vmc'), 'switch b');
    symlinkSync(path('outside.vmc'), path('lab/link.vmc'));
    symlinkSync(folder, path('lab/up'));
    symlinkSync('sub/b.vmc', path('lab/inside.vmc'));
    symlinkSync('loop.vmc', path('lab/loop.vmc'));
    symlinkSync(path('lab'), path('other-name'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('answers texts in the folder of the root and below it, by links too', () => {
    const read = importReader(path('lab/root.vmc'));
    for (const name of ['lab/sub/b.vmc', 'lab/inside.vmc']) {
      expect(read(path(name))).to.deep.equal({ kind: 'text', text: 'switch b' });
    }
    expect(importReader(path('other-name/root.vmc'))(path('other-name/sub/b.vmc')).kind).to.equal('text');
  });

  it('refuses links that lead out of the folder', () => {
    const read = importReader(path('lab/root.vmc'));
    for (const name of ['lab/link.vmc', 'lab/up/outside.vmc']) {
      const reason = 'it is a link that leads out of the folder of the policy';
      expect(read(path(name))).to.deep.equal({ kind: 'refused', reason });
    }
  });

  it('says why a file cannot be read', () => {
    const read = importReader(path('lab/root.vmc'));
    const reasonFor = (name: string) => {
      const answer = read(path(name));
      return answer.kind === 'refused' ? answer.reason : null;
    };
    expect(reasonFor('lab/gone.vmc')).to.equal('there is no such file');
    expect(reasonFor('lab/sub')).to.equal('it is a directory');
    expect(reasonFor('lab/sub/b.vmc/c.vmc')).to.equal('a part of its path is not a directory');
    expect(reasonFor('lab/loop.vmc')).to.equal('its links form a loop');
  });
});
