import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canSetScheduling } from './capability.js';
import { readValue } from './cgroup-files.js';
import { kernelConfiguration } from './kernel-configuration.js';
import { type CgroupMounts, findCgroupMounts } from './mounts.js';
import { readLimit } from './process-limits.js';
import {
  fifoAttributes,
  readSchedAttributes,
  SCHED_NORMAL,
  writeSchedAttributes,
} from './sched-attributes.js';

/** Largest of SCHED_FIFO. */
const MOST = 99;
const RT_RUNTIME = '/proc/sys/kernel/sched_rt_runtime_us';

/** What decides whether guests may have a real-time class on a machine. */
export interface RealtimeMeans {
  /** Largest priority that this user may give. */
  readonly most: number;
  /** Of sched_rt_runtime_us: what the kernel lets real-time threads have. */
  readonly runtimeUs: number;
  /** Each cgroup has real-time bandwidth of its own, and a new one none (RT_GROUP_SCHED). */
  readonly perGroup: boolean;
  /** A thread of ours was let have it. */
  readonly granted: boolean;
}

/**
 * Largest SCHED_FIFO priority that guests' threads may be given; null: none. One less than the largest of all: the timing
 * thread and the guardian have to come before the guests that they stop.
 */
export function realtimePriorityBy({ most, runtimeUs, perGroup, granted }: RealtimeMeans): number | null {
  if (runtimeUs === 0 || perGroup || !granted) return null;
  const priority = Math.min(most, MOST) - 1;
  return priority > 0 ? priority : null;
}

/** The same for this machine and user: the limit of this process counts for guests too. */
export const realtimePriority = (mounts: CgroupMounts = findCgroupMounts()): number | null =>
  realtimePriorityBy({
    most: canSetScheduling() ? MOST : (readLimit('Max realtime priority') ?? 0),
    runtimeUs: Number(readValue(RT_RUNTIME) ?? 0),
    perGroup: hasGroupBandwidth(mounts),
    granted: tryIt(),
  });

/** Guests are gathered into groups that are made for them, and these have none. */
export function hasGroupBandwidth(mounts: CgroupMounts): boolean {
  if (mounts.version === 1) return existsSync(join(mounts.cpu, 'cpu.rt_runtime_us'));
  const configuration = kernelConfiguration();
  const isOn = /^CONFIG_RT_GROUP_SCHED=y$/m.test(configuration);
  return isOn && !/^CONFIG_RT_GROUP_SCHED_DEFAULT_DISABLED=y$/m.test(configuration);
}

/** Whether this very thread may have it, for a moment: a container may forbid what the rights allow. */
function tryIt(): boolean {
  const own = readSchedAttributes(0);
  if (typeof own === 'number' || own.policy !== SCHED_NORMAL) return false;
  if (writeSchedAttributes(0, { ...fifoAttributes(1), resetOnFork: own.resetOnFork }) < 0) return false;
  return writeSchedAttributes(0, own) === 0;
}
