import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type CpioEntry, cpioArchive } from './cpio.js';
import { unpackedPackage } from './debian-package.js';
import { requireTestHost } from './require-test-host.js';

describe('cpioArchive', function () {
  this.timeout(60_000);
  let busybox: string;

  before(async function () {
    requireTestHost(this);
    busybox = join(await unpackedPackage('busybox-static'), 'bin/busybox');
  });

  function unpack(archive: Buffer, check: (directory: string) => void): void {
    const directory = mkdtempSync(join(tmpdir(), 'cpio-'));
    try {
      const { status, stderr } = spawnSync(busybox, ['cpio', '-id'], { cwd: directory, input: archive });
      expect(status, stderr.toString()).to.equal(0);
      check(directory);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  it('is unpacked by busybox with names, bytes and permissions as they were', () => {
    const bytes = fc.uint8Array({ maxLength: 50 });
    const file = fc.record({ name: fc.stringMatching(/^[a-z0-9._-]{1,20}$/), data: bytes });
    const files = fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 5 });
    const sensible = files.filter((list) => list.every(({ name }) => !/^\.{1,2}$/.test(name)));
    fc.assert(
      fc.property(sensible, (list) => {
        const members: CpioEntry[] = list.map(({ name, data }) => ({
          path: `d/${name}`,
          mode: 0o100750,
          data,
        }));
        unpack(cpioArchive([{ path: 'd', mode: 0o040755 }, ...members]), (directory) => {
          for (const { name, data } of list) {
            expect([...readFileSync(join(directory, 'd', name))]).to.deep.equal([...data]);
            expect(statSync(join(directory, 'd', name)).mode & 0o777).to.equal(0o750);
          }
        });
      }),
      { numRuns: 20 },
    );
  });
});
