import { execFile } from 'node:child_process';
import { copyFile, lstat, mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What lies ready for the inside of the test host. */
export const GUEST_FILES = fileURLToPath(new URL('./guest/', import.meta.url));

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

/** The directories of a Debian machine, empty. */
export async function stageDirectories(tree: string): Promise<void> {
  for (const directory of DIRECTORIES) await mkdir(join(tree, directory), { recursive: true });
  for (const name of MERGED) await symlink(`usr/${name}`, join(tree, name));
}

/** Busybox, and its commands where the tree has none of that name. */
export async function stageBusybox(tree: string, busybox: string): Promise<void> {
  await stage(tree, busybox, '/bin/busybox');
  const { stdout } = await execute(busybox, ['--list']);
  for (const applet of stdout.split('\n').filter((name) => name !== '' && name !== 'busybox')) {
    const taken = await Promise.all(
      ['usr/bin', 'usr/sbin'].map((where) => exists(join(tree, where, applet))),
    );
    if (!taken.includes(true)) await symlink('/bin/busybox', join(tree, 'usr/bin', applet));
  }
}

/** Copies a file of this machine to `path` of the tree; links are followed, /lib and the like are below /usr. */
export async function stage(tree: string, file: string, path: string): Promise<void> {
  const target = join(tree, path.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/'));
  await mkdir(dirname(target), { recursive: true });
  // A program of this machine takes the place of busybox's of the same name.
  await rm(target, { force: true });
  await copyFile(await realpath(file), target);
}

/** Whether the name is taken, by whatever. */
export const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
