import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached, digest, fileVersion } from './cache.js';
import { writeDiskImage } from './disk-image.js';

const execute = promisify(execFile);

const QEMU = '/usr/bin/qemu-system-x86_64';
const PERL = '/usr/bin/perl';
/** Of util-linux and bsdutils: what starts guests as their owners would. */
const TOOLS = ['/usr/bin/setpriv', '/usr/bin/taskset', '/usr/bin/script'];
const QEMU_MODULES = '/usr/lib/x86_64-linux-gnu/qemu';
/** What a PC needs to start: its BIOS, and the option ROM that QEMU maps for TCG and KVM alike. */
const QEMU_FIRMWARE = [
  '/usr/share/seabios/bios-256k.bin',
  '/usr/share/seabios/bios.bin',
  '/usr/share/seabios/vgabios-stdvga.bin',
  '/usr/share/qemu/kvmvapic.bin',
  '/usr/share/qemu/linuxboot_dma.bin',
];
const GUEST_FILES = fileURLToPath(new URL('./guest/', import.meta.url));
const SPARE_MIB = 64;
const DIRECTORIES = [
  'usr/bin',
  'usr/sbin',
  'usr/lib',
  'usr/lib64',
  'etc',
  'proc',
  'sys',
  'dev',
  'run',
  'tmp',
  'project',
  'root',
  'var',
];
/** Debian's merged /usr. */
const MERGED = ['bin', 'sbin', 'lib', 'lib64'];

/**
 * The disk that the test host boots from: this machine's own Node, QEMU and perl-base with their libraries, and busybox.
 * Returns the path of the image in the cache; it is made anew when one of its files changed on this machine.
 *
 * @throws Error saying what to install.
 */
export async function rootImage(busybox: string): Promise<string> {
  const programs = [process.execPath, QEMU, PERL, ...TOOLS, ...(await qemuAccelerators())];
  for (const program of programs) {
    if (!existsSync(program)) {
      throw new Error(
        `The test host needs ${program}: apt-get install qemu-system-x86 perl-base util-linux bsdutils`,
      );
    }
  }
  const files = [...programs, ...QEMU_FIRMWARE.filter(existsSync), ...(await perlBase())];
  const libraries = await sharedObjects(programs);
  const ours = (await readdir(GUEST_FILES)).map((name) => join(GUEST_FILES, name));
  const builder = fileURLToPath(import.meta.url);
  const inputs = await Promise.all([busybox, builder, ...ours, ...files, ...libraries].map(fileVersion));
  const directory = await cached('root', digest(inputs), async (into) => {
    const tree = join(into, 'tree');
    await stageSkeleton(tree, busybox);
    for (const file of [...files, ...libraries]) await stage(tree, file, file);
    await rm(join(tree, 'usr/bin/node'), { force: true });
    await stage(tree, process.execPath, '/usr/bin/node');
    await writeDiskImage(tree, join(into, 'root.ext4'), SPARE_MIB);
    await rm(tree, { recursive: true });
  });
  return join(directory, 'root.ext4');
}

async function qemuAccelerators(): Promise<string[]> {
  const names = existsSync(QEMU_MODULES) ? await readdir(QEMU_MODULES) : [];
  return names.filter((name) => name.startsWith('accel-')).map((name) => join(QEMU_MODULES, name));
}

async function perlBase(): Promise<string[]> {
  const { stdout } = await execute('dpkg', ['-L', 'perl-base']);
  const paths = stdout.split('\n').filter((path) => /^\/usr\/(bin|lib)\//.test(path));
  const files: string[] = [];
  for (const path of paths) if ((await stat(path)).isFile()) files.push(path);
  return files;
}

async function sharedObjects(programs: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const program of programs) {
    const { stdout } = await execute('ldd', [program]);
    for (const [, path] of stdout.matchAll(/(\/\S+) \(0x/g)) if (path !== undefined) found.add(path);
  }
  return [...found].sort();
}

async function stageSkeleton(tree: string, busybox: string): Promise<void> {
  for (const directory of DIRECTORIES) await mkdir(join(tree, directory), { recursive: true });
  for (const name of MERGED) await symlink(`usr/${name}`, join(tree, name));
  await stage(tree, busybox, '/bin/busybox');
  const { stdout } = await execute(busybox, ['--list']);
  for (const applet of stdout.split('\n').filter((name) => name !== '' && name !== 'busybox')) {
    await symlink('/bin/busybox', join(tree, 'usr/bin', applet));
  }
  await symlink('/bin/busybox', join(tree, 'usr/sbin/init'));
  for (const name of ['boot.sh', 'agent.cjs']) {
    await stage(tree, join(GUEST_FILES, name), `/usr/lib/test-host/${name}`);
  }
  await chmod(join(tree, 'usr/lib/test-host/boot.sh'), 0o755);
  await stage(tree, join(GUEST_FILES, 'inittab'), '/etc/inittab');
  await writeFile(
    join(tree, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000::/tmp:/bin/sh\n',
  );
  await writeFile(join(tree, 'etc/group'), 'root:x:0:\nguest:x:1000:\n');
  await writeFile(join(tree, 'etc/hosts'), '127.0.0.1 localhost\n');
}

/** Copies a file of this machine to `path` of the tree; links are followed, /lib and the like are below /usr. */
async function stage(tree: string, file: string, path: string): Promise<void> {
  const target = join(tree, path.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/'));
  await mkdir(dirname(target), { recursive: true });
  // A program of this machine takes the place of busybox's of the same name.
  await rm(target, { force: true });
  await copyFile(await realpath(file), target);
}
