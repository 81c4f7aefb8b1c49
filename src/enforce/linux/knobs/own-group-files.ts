import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Quota } from '../../host.js';
import { readValue, readWeight, type WeightFile } from '../cgroup-files.js';

/** Weight and quota of a cgroup as its files say; null: no such file, or unlimited. */
export interface GroupState {
  readonly weight: number | null;
  readonly quota: Quota | null;
}

/** Of groups that others may make anew at any time no file is kept open. */
const UNCACHED = { read: (directory: string, name: string) => readValue(join(directory, name)) };
const US_PER_NS = 1000n;
export const WEIGHTS: { readonly [V in 1 | 2]: WeightFile } = {
  1: { name: 'cpu.shares', least: 2 },
  2: { name: 'cpu.weight', least: 1 },
};

/** `directories`: the group itself, then those below it that only it has: the tightest quota counts. */
export function readGroup(version: 1 | 2, directories: readonly string[]): GroupState {
  const [directory = ''] = directories;
  const quotas = directories.flatMap((one) => readQuota(version, one) ?? []);
  const rate = ({ quotaNs, periodNs }: Quota) => Number(quotaNs) / Number(periodNs);
  const [tightest = null] = quotas.sort((a, b) => rate(a) - rate(b));
  return { weight: readWeight(UNCACHED, directory, WEIGHTS[version]), quota: tightest };
}

function readQuota(version: 1 | 2, directory: string): Quota | null {
  const [quota, period] =
    version === 2
      ? (readValue(join(directory, 'cpu.max')) ?? '').split(' ')
      : [readValue(join(directory, 'cpu.cfs_quota_us')), readValue(join(directory, 'cpu.cfs_period_us'))];
  if (!quota || !period || !/^\d+$/.test(quota)) return null;
  return { quotaNs: BigInt(quota) * US_PER_NS, periodNs: BigInt(period) * US_PER_NS };
}

/** libvirt keeps its domains' threads in a group below the unit's, and limits that. */
export function groupsOf(directory: string): readonly string[] {
  const below = join(directory, 'libvirt');
  return existsSync(below) ? [directory, below] : [directory];
}
