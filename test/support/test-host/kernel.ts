import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cached, digest } from './cache.js';
import { type CpioEntry, cpioArchive } from './cpio.js';
import { unpackedPackage } from './debian-package.js';

/** What QEMU boots: paths of a kernel image and of its initramfs. */
export interface BootableKernel {
  readonly kernel: string;
  readonly initramfs: string;
  /** `uname -r`. */
  readonly release: string;
}

/** In the order in which they need each other; Debian's cloud kernel has ext4 and the serial port built in. */
const MODULES = [
  'drivers/virtio/virtio_ring.ko',
  'drivers/virtio/virtio.ko',
  'drivers/virtio/virtio_pci_modern_dev.ko',
  'drivers/virtio/virtio_pci_legacy_dev.ko',
  'drivers/virtio/virtio_pci.ko',
  'drivers/block/virtio_blk.ko',
  'drivers/char/virtio_console.ko',
] as const;

const DIRECTORY = 0o040755;
const PROGRAM = 0o100755;
const FILE = 0o100644;

/** Debian's kernel for virtual machines with an initramfs of ours, from the cache where they are in it. */
export async function bootableKernel(busybox: string): Promise<BootableKernel> {
  const tree = await unpackedPackage('linux-image-cloud-amd64', /^linux-image-\d.*-cloud-amd64/);
  const image = (await readdir(join(tree, 'boot'))).find((file) => file.startsWith('vmlinuz-'));
  if (image === undefined) throw new Error(`no kernel image in ${tree}/boot`);
  const release = image.slice('vmlinuz-'.length);
  const init = await readFile(new URL('./guest/initramfs-init.sh', import.meta.url));
  const key = digest([basename(tree), basename(dirname(busybox)), init, ...MODULES]);
  const directory = await cached('initramfs', key, async (into) => {
    const archive = await initramfs(join(tree, 'lib/modules', release, 'kernel'), busybox, init);
    await writeFile(join(into, 'initramfs.cpio'), archive);
  });
  return { kernel: join(tree, 'boot', image), initramfs: join(directory, 'initramfs.cpio'), release };
}

async function initramfs(modules: string, busybox: string, init: Buffer): Promise<Buffer> {
  const entries: CpioEntry[] = ['bin', 'modules'].map((path) => ({ path, mode: DIRECTORY }));
  entries.push({ path: 'init', mode: PROGRAM, data: init });
  entries.push({ path: 'bin/busybox', mode: PROGRAM, data: await readFile(busybox) });
  for (const module of MODULES) {
    const data = await readFile(join(modules, module));
    entries.push({ path: `modules/${basename(module)}`, mode: FILE, data });
  }
  const order = Buffer.from(`${MODULES.map((module) => basename(module)).join('\n')}\n`);
  entries.push({ path: 'modules/order', mode: FILE, data: order });
  return cpioArchive(entries);
}
