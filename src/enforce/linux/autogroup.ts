import { readdirSync } from 'node:fs';
import { cgroupPathOf, readValue } from './cgroup-files.js';
import { type CgroupMounts, findCgroupMounts } from './mounts.js';

/** The scheduling group that the kernel makes of a session (sched(7), "The autogroup feature"). */
export interface Autogroup {
  /** "/autogroup-57": the same for all processes of one session. */
  readonly name: string;
  readonly nice: number;
}

export const autogroupFile = (pid: number): string => `/proc/${pid}/autogroup`;

/** Null: the process has ended, or is in the group of the kernel and of what it started. */
export function readAutogroup(pid: number): Autogroup | null {
  const [, name, nice] = /^(\/autogroup-\d+) nice (-?\d+)$/.exec(readValue(autogroupFile(pid)) ?? '') ?? [];
  return name === undefined || nice === undefined ? null : { name, nice: Number(nice) };
}

/** Whether sessions compete as such: the kernel has autogroups, and they are switched on. */
export const autogroupsEnabled = (): boolean => readValue('/proc/sys/kernel/sched_autogroup_enabled') === '1';

/** Processes in the same autogroup, besides `pid` itself. */
export function sessionMates(pid: number, name: string): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== pid)
    .map(Number)
    .filter((other) => readAutogroup(other)?.name === name);
}

/** Autogroups stand for tasks of the root cgroup only: whether the process is one of them. */
export function isInRootCgroup(pid: number, mounts: CgroupMounts = findCgroupMounts()): boolean {
  if (mounts.version === 0) return true;
  if (mounts.version === 1) return (cgroupPathOf(`${pid}`, 'cpu') ?? '/') === '/';
  const passedOn = (readValue(`${mounts.cpu}/cgroup.subtree_control`) ?? '').split(' ').includes('cpu');
  return !passedOn || (cgroupPathOf(`${pid}`, '') ?? '/') === '/';
}
