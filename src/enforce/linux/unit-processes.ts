import { join } from 'node:path';
import { listDirectories, readValue } from './cgroup-files.js';

/** Processes in a cgroup and all below it. Those of threaded groups are listed where their domain is. */
export function processesIn(directory: string): ReadonlySet<number> {
  const groups = [[], ...listDirectories(directory, () => true)];
  const lists = groups.map((path) => readValue(join(directory, ...path, 'cgroup.procs')) ?? '');
  return new Set(lists.flatMap((list) => list.split('\n').filter(Boolean).map(Number)));
}

/** The part of a cgroup's path down to the unit of this name; null where it is not in that. */
export function unitPath(cgroup: string, unit: string): string | null {
  const parts = cgroup.split('/');
  const at = parts.indexOf(unit);
  return at < 0 ? null : parts.slice(0, at + 1).join('/');
}
