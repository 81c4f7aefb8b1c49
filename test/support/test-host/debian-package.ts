import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory, cached } from './cache.js';

const execute = promisify(execFile);

/** Options that point apt at package lists: the machine's own, or ours, which need no privileges to be brought up to date. */
export type AptLists = readonly string[];

const MACHINE_LISTS: AptLists = [];

function privateLists(): AptLists {
  const directory = join(cacheDirectory(), 'apt-lists');
  return [
    '-o',
    `Dir::State::lists=${directory}`,
    '-o',
    'Dir::Cache::pkgcache=',
    '-o',
    'Dir::Cache::srcpkgcache=',
  ];
}

/**
 * A Debian package's files, unpacked into the cache and never installed on this machine. A metapackage stands for the
 * package it depends on (linux-image-cloud-amd64 → linux-image-6.1.0-NN-cloud-amd64). Returns the directory.
 *
 * @throws Error naming what is missing: apt, dpkg-deb, or a connection where nothing is cached yet.
 */
export async function unpackedPackage(name: string, dependency?: RegExp): Promise<string> {
  return fromDebian(name, dependency ?? new RegExp(`^${name}-`), async (lists) => {
    const real = dependency === undefined ? name : await resolveDependency(name, dependency, lists);
    const version = await candidateVersion(real, lists);
    return await cached(real, version.replace(/[^\w.+-]/g, '_'), (into) =>
      unpack(real, version, lists, into),
    );
  });
}

/**
 * What `get` finds with the machine's package lists or else with ours; without a connection the newest directory of the
 * cache whose name is like `kept`.
 *
 * @throws Error naming what is missing, for `what` it is needed.
 */
export async function fromDebian(
  what: string,
  kept: RegExp,
  get: (lists: AptLists) => Promise<string>,
): Promise<string> {
  const failures: string[] = [];
  for (const lists of [MACHINE_LISTS, privateLists()]) {
    try {
      if (lists !== MACHINE_LISTS) await updateLists(lists);
      return await get(lists);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  const cachedBefore = await newestCached(kept);
  if (cachedBefore !== null) return cachedBefore;
  throw new Error(
    `The test host needs Debian's package ${what}, and it could not be downloaded. It takes apt and dpkg (a Debian or ` +
      `Ubuntu machine) and, the first time, a connection to a Debian mirror.\n${failures.join('\n')}`,
  );
}

async function updateLists(lists: AptLists): Promise<void> {
  await mkdir(join(cacheDirectory(), 'apt-lists', 'partial'), { recursive: true });
  await execute('apt-get', [...lists, '-q', 'update']);
}

async function resolveDependency(name: string, dependency: RegExp, lists: AptLists): Promise<string> {
  const { stdout } = await execute('apt-cache', [...lists, 'depends', name]);
  const found = stdout
    .split('\n')
    .map((line) => /Depends: (\S+)/.exec(line)?.[1])
    .find((candidate) => candidate !== undefined && dependency.test(candidate));
  if (found === undefined) throw new Error(`${name} depends on no package like ${dependency.source}`);
  return found;
}

export async function candidateVersion(name: string, lists: AptLists): Promise<string> {
  const { stdout } = await execute('apt-cache', [...lists, 'policy', name]);
  const version = /Candidate: (\S+)/.exec(stdout)?.[1];
  if (version === undefined || version === '(none)') throw new Error(`apt knows no package ${name}`);
  return version;
}

async function unpack(name: string, version: string, lists: AptLists, into: string): Promise<void> {
  await execute('apt-get', [...lists, '-q', 'download', `${name}=${version}`], { cwd: into });
  const archive = (await readdir(into)).find((file) => file.endsWith('.deb'));
  if (archive === undefined) throw new Error(`apt-get download ${name} left no archive`);
  await execute('dpkg-deb', ['-x', archive, '.'], { cwd: into });
  await rm(join(into, archive));
}

/** Without a connection and without package lists a package from an earlier run will do. */
async function newestCached(pattern: RegExp): Promise<string | null> {
  const names = await readdir(cacheDirectory()).catch(() => []);
  const newest = names
    .filter((name) => pattern.test(name))
    .sort()
    .at(-1);
  return newest === undefined ? null : join(cacheDirectory(), newest);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = (error as { stderr?: string }).stderr;
  return stderr === undefined || stderr === '' ? error.message : `${error.message}\n${stderr}`;
}
