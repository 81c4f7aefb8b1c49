import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { locateSockets } from '../../src/qemu/monitor-sockets.js';
import { FakeProc } from './fake-proc.js';

describe('locateSockets', () => {
  const proc = new FakeProc();
  after(() => proc.end());

  it('leaves absolute paths as they are and starts relative ones at the working directory', () => {
    proc.set(10, { cwd: '/srv/vm' });
    expect(locateSockets(proc.root, 10, ['/run/a.sock', 'b.sock'])).to.deep.equal([
      '/run/a.sock',
      '/srv/vm/b.sock',
    ]);
  });

  it('leaves out relative paths when the working directory is not for us to see', () => {
    proc.set(11);
    expect(locateSockets(proc.root, 11, ['/run/a.sock', 'b.sock'])).to.deep.equal(['/run/a.sock']);
  });

  it('goes through the root of a process that has other mounts', () => {
    proc.set(12, { cwd: '/srv/vm' });
    for (const [pid, namespace] of [
      ['12', 'mnt:[2]'],
      ['self', 'mnt:[1]'],
    ] as const) {
      mkdirSync(join(proc.root, pid, 'ns'), { recursive: true });
      symlinkSync(namespace, join(proc.root, pid, 'ns', 'mnt'));
    }
    expect(locateSockets(proc.root, 12, ['/a', 'b'])).to.deep.equal([
      `${proc.root}/12/root/a`,
      `${proc.root}/12/root/srv/vm/b`,
    ]);
  });
});
