import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileVersion } from './cache.js';
import { stage } from './stage.js';

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

/** This machine's own Node, QEMU and perl-base, as paths of files that exist. */
export interface MachinePrograms {
  readonly files: readonly string[];
  /** Shared objects that they need. */
  readonly libraries: readonly string[];
  /** Differs when one of them does. */
  readonly versions: readonly string[];
}

/** @throws Error saying what to install. */
export async function machinePrograms(): Promise<MachinePrograms> {
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
  const versions = await Promise.all([...files, ...libraries].map(fileVersion));
  return { files, libraries, versions };
}

/** Puts them into `tree`, where they lie on this machine; Node, wherever it lies here, at /usr/bin/node. */
export async function stagePrograms(tree: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await stage(tree, path, path);
  await rm(join(tree, 'usr/bin/node'), { force: true });
  await stage(tree, process.execPath, '/usr/bin/node');
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
