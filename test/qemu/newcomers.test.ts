import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { GuestScanner } from '../../src/qemu/guest-scanner.js';
import { FakeProc } from './fake-proc.js';

describe('guests that start between two scans', () => {
  let proc: FakeProc;
  let scanner: GuestScanner;
  const newestId = (id: number) => writeFileSync(join(proc.root, 'loadavg'), `0.10 0.20 0.30 1/90 ${id}\n`);

  beforeEach(async () => {
    proc = new FakeProc();
    newestId(100);
    proc.set(90, { exe: '/usr/bin/sh' });
    scanner = new GuestScanner({ procRoot: proc.root });
    await scanner.scan();
    scanner.hasNewcomer();
  });
  afterEach(() => {
    scanner.close();
    proc.end();
  });

  it('are noticed, once', async () => {
    expect(scanner.hasNewcomer()).to.equal(false);
    proc.set(101);
    newestId(101);
    expect(scanner.hasNewcomer()).to.equal(true);
    expect((await scanner.scan()).map(({ pid }) => pid)).to.deep.equal([101]);
    expect(scanner.hasNewcomer()).to.equal(false);
  });

  it('are noticed when they become QEMU somewhat later than they were forked', () => {
    proc.set(101, { exe: '/usr/bin/setpriv' });
    newestId(101);
    expect(scanner.hasNewcomer()).to.equal(false);
    proc.set(101);
    expect(scanner.hasNewcomer()).to.equal(true);
  });

  it('are noticed when numbers have started over', () => {
    proc.set(7);
    newestId(7);
    expect(scanner.hasNewcomer()).to.equal(true);
  });

  it('are not looked for among other programs for ever', () => {
    proc.set(101, { exe: '/usr/bin/make' });
    newestId(101);
    for (let look = 0; look < 3; look++) scanner.hasNewcomer();
    proc.set(101);
    // Only a scan looks at processes of any age.
    expect(scanner.hasNewcomer()).to.equal(false);
  });

  it('are left to the scans where the kernel does not tell of new numbers', () => {
    proc.set(101);
    writeFileSync(join(proc.root, 'loadavg'), '');
    expect(scanner.hasNewcomer()).to.equal(false);
  });
});
