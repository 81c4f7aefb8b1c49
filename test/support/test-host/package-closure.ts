import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AptLists } from './debian-package.js';

const execute = promisify(execFile);

export interface PackageClosure {
  /** Packages that are wanted; whatever they depend on comes along. */
  readonly names: readonly string[];
  /** Not needed where nothing is ever configured or removed, though packages depend on it. */
  readonly leftOut: RegExp;
}

/** What takes room and nobody reads. */
const UNREAD = [
  './usr/share/doc',
  './usr/share/man',
  './usr/share/locale',
  './usr/share/info',
  './usr/lib/*/gconv',
];

/**
 * Unpacks packages with all they depend on into `tree`, as on a machine that has nothing yet: what is installed on this
 * one does not matter. Nothing is configured: no script of a package runs. Answers what was unpacked, as name → version.
 */
export async function unpackClosure(
  closure: PackageClosure,
  lists: AptLists,
  tree: string,
): Promise<ReadonlyMap<string, string>> {
  const archives = `${tree}-packages`;
  await mkdir(archives, { recursive: true });
  const wanted = await resolveClosure(closure, lists, archives);
  const named = [...wanted].map(([name, version]) => `${name}=${version}`);
  await execute('apt-get', [...lists, '-qq', 'download', ...named], { cwd: archives });
  for (const archive of (await readdir(archives)).filter((file) => file.endsWith('.deb'))) {
    await unpack(join(archives, archive), tree);
  }
  await rm(archives, { recursive: true });
  return wanted;
}

/** Version of each package, by name. */
async function resolveClosure(
  { names, leftOut }: PackageClosure,
  lists: AptLists,
  scratch: string,
): Promise<ReadonlyMap<string, string>> {
  const nothingInstalled = join(scratch, 'status');
  await writeFile(nothingInstalled, '');
  const options = ['-o', `Dir::State::status=${nothingInstalled}`, '--no-install-recommends'];
  const { stdout } = await execute('apt-get', [
    ...lists,
    ...options,
    '-qq',
    '--simulate',
    'install',
    ...names,
  ]);
  const all = [...stdout.matchAll(/^Inst (\S+) \((\S+) /gm)].flatMap(([, name, version]) =>
    name === undefined || version === undefined || leftOut.test(name) ? [] : [[name, version] as const],
  );
  if (all.length === 0) throw new Error(`apt finds nothing to install for ${names.join(', ')}`);
  return new Map(all);
}

async function unpack(archive: string, tree: string): Promise<void> {
  const excluded = UNREAD.map((pattern) => `--exclude=${pattern}`);
  // Some packages still have /lib for /usr/lib, which is a link in the tree.
  const tar = ['tar', '-xf', '-', '-C', tree, '--keep-directory-symlink', '--no-same-owner', ...excluded];
  await execute('sh', [
    '-c',
    'archive=$1; shift; dpkg-deb --fsys-tarfile "$archive" | "$@"',
    'sh',
    archive,
    ...tar,
  ]);
}
