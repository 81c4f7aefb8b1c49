import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** Where kernels and disk images are kept between runs: outside the repository, safe to delete at any time. */
export function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(base, 'vmc', 'test-host');
}

/** A short name for a set of inputs: equal inputs, equal name. */
export function digest(inputs: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    hash.update(`${input.length}:`);
    hash.update(input);
  }
  return hash.digest('hex').slice(0, 20);
}

/** What distinguishes a file from its other versions, without reading it. */
export async function fileVersion(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${path} ${size} ${mtimeMs}`;
}

/** What distinguishes a file of ours: what is in it, for every checkout has its own times. */
export const fileContent = (path: string): Promise<Uint8Array> => readFile(path);

/**
 * The directory `KIND-KEY` of the cache, filled by `build` where it does not exist yet. Several processes may do so at
 * once: each builds its own, one is kept, nobody ever sees half of one. Older versions of the same kind are removed.
 */
export async function cached(
  kind: string,
  key: string,
  build: (directory: string) => Promise<void>,
): Promise<string> {
  const kept = join(cacheDirectory(), `${kind}-${key}`);
  if (existsSync(kept)) return kept;
  await mkdir(cacheDirectory(), { recursive: true });
  const fresh = await mkdtemp(join(cacheDirectory(), `building-${kind}-`));
  try {
    await build(fresh);
    await rename(fresh, kept);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Someone else was faster: theirs is as good.
    if (!existsSync(kept)) throw error;
  }
  await removeOlder(kind, kept);
  return kept;
}

const KEPT_VERSIONS = 3;

async function removeOlder(kind: string, kept: string): Promise<void> {
  const names = (await readdir(cacheDirectory())).filter((name) => name.startsWith(`${kind}-`));
  const versions = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(cacheDirectory(), name))).mtimeMs })),
  );
  const surplus = versions.sort((a, b) => b.at - a.at).slice(KEPT_VERSIONS);
  for (const { name } of surplus) {
    if (name !== basename(kept)) await rm(join(cacheDirectory(), name), { recursive: true, force: true });
  }
}
