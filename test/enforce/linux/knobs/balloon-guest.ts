import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { StartGuestOptions } from '../../../../guests/start-guest.js';
import { type CpioEntry, cpioArchive } from '../../../support/test-host/cpio.js';
import { unpackedPackage } from '../../../support/test-host/debian-package.js';
import { bootableKernel } from '../../../support/test-host/kernel.js';

const MODULES = [
  'virtio_ring.ko',
  'virtio.ko',
  'virtio_pci_modern_dev.ko',
  'virtio_pci_legacy_dev.ko',
  'virtio_pci.ko',
  'virtio_balloon.ko',
];
/** Touches most of its memory and lets it go; then its first line of progress, as the counter image writes it. */
const INIT = `#!/bin/busybox sh
bb=/bin/busybox
$bb mkdir -p /dev
$bb mount -t devtmpfs devtmpfs /dev
for module in ${MODULES.join(' ')}; do $bb insmod /modules/$module; done
$bb dd if=/dev/zero of=/touched bs=1M count=TOUCHED 2>/dev/null
$bb rm /touched
$bb stty -F /dev/ttyS0 raw
echo 00000000 >/dev/ttyS0
while :; do $bb sleep 1000; done
`;

/** Arguments of a guest that runs Debian's kernel with the driver of its balloon, and nothing else. */
export class BalloonGuest {
  readonly memoryMiB = 192;
  #directory: string | null = null;

  async options(): Promise<Pick<StartGuestOptions, 'bootTimeoutMs' | 'extraArguments'>> {
    this.#directory = await mkdtemp(join(tmpdir(), 'vmc-balloon-'));
    const busybox = join(await unpackedPackage('busybox-static'), 'bin/busybox');
    const { kernel, release } = await bootableKernel(busybox);
    const modules = join(kernel, '../../lib/modules', release, 'kernel/drivers/virtio');
    const directory = (path: string): CpioEntry => ({ path, mode: 0o040755 });
    const program = (path: string, data: Buffer): CpioEntry => ({ path, mode: 0o100755, data });
    const touched = `${this.memoryMiB - 80}`;
    const entries = [
      ...['bin', 'modules'].map(directory),
      program('init', Buffer.from(INIT.replace('TOUCHED', touched))),
      program('bin/busybox', await readFile(busybox)),
    ];
    for (const module of MODULES) {
      entries.push(program(`modules/${basename(module)}`, await readFile(join(modules, module))));
    }
    const initramfs = join(this.#directory, 'initramfs.cpio');
    await writeFile(initramfs, cpioArchive(entries));
    const append = 'console=ttyS0 quiet loglevel=0 panic=-1 mitigations=off tsc=reliable random.trust_cpu=on';
    return {
      bootTimeoutMs: 120_000, // 3 s on a quiet machine
      extraArguments: [
        ...['-cpu', 'max', '-m', `${this.memoryMiB}M`, '-device', 'virtio-balloon-pci'],
        ...['-kernel', kernel, '-initrd', initramfs, '-append', append],
      ],
    };
  }

  async remove(): Promise<void> {
    if (this.#directory !== null) await rm(this.#directory, { recursive: true, force: true });
  }
}
