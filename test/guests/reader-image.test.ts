import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readerImage } from '../../guests/reader/reader-image.js';
import { startGuest } from '../../guests/start-guest.js';
import { requireQemu } from '../support/guests/require-qemu.js';
import { until } from '../support/guests/until.js';

describe('readerImage', () => {
  it('is one sector with the signature of a boot sector and room for a partition table', () => {
    const image = readerImage();
    expect(image).to.have.length(512);
    expect([...image.slice(446)]).to.deep.equal([...Array(64).fill(0), 0x55, 0xaa]);
  });

  it('reads the second disk of its machine, and says how often', async function () {
    requireQemu(this);
    const directory = mkdtempSync(join(tmpdir(), 'vmc-reader-'));
    const disk = join(directory, 'disk.img');
    writeFileSync(disk, Buffer.alloc(1 << 20));
    const drive = [
      '-drive',
      `file=${disk},format=raw,if=none,id=data`,
      '-device',
      'virtio-blk-pci,drive=data',
    ];
    const guest = await startGuest({ name: 'reader', image: readerImage(), extraArguments: drive });
    try {
      await until(async () => (await guest.progress()).units >= 8n);
    } finally {
      await guest.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
