import { readdirSync, readFileSync } from 'node:fs';
import type { TaskId } from './cgroups.js';
import { coresOf } from './core-list.js';
import { schedGetaffinity, schedSetaffinity } from './syscalls.js';
import { readStartTime } from './task-stat.js';

/**
 * Affinities, and keeping them. Before Linux 6.2 every move between cpusets, and every enabling of that controller,
 * sets the affinity of the threads that it touches to the whole cpuset: what their owner had asked for is forgotten.
 */
export interface PinnedThread extends TaskId {
  /** Hexadecimal, most significant byte first. */
  readonly mask: string;
}

/** Room for 8,192 cores, the most that Linux is built for. */
const MASK_BYTES = 1024;

/** Cores that the thread may use, as a hexadecimal mask as long as the kernel's; null: it has ended. */
export function readAffinity(tid: number): string | null {
  const mask = Buffer.alloc(MASK_BYTES);
  const length = schedGetaffinity(tid, mask);
  return length < 0 ? null : mask.subarray(0, length).reverse().toString('hex');
}

/** 0, or -errno: EINVAL where none of the cores may be used, EBUSY for a narrow mask on SCHED_DEADLINE. */
export function writeAffinity(tid: number, mask: string): number {
  return schedSetaffinity(tid, Buffer.from(mask, 'hex').reverse());
}

/** The threads of a process that may not use every core of the machine. */
export function pinnedThreads(pid: number): readonly PinnedThread[] {
  const everything = onlineCores();
  const pinned: PinnedThread[] = [];
  for (const id of threadsOf(pid)) {
    const startTime = readStartTime(id);
    const mask = readAffinity(id);
    if (startTime === null || mask === null || BigInt(`0x${mask}`) === everything) continue;
    pinned.push({ id, startTime, mask });
  }
  return pinned;
}

/** Gives threads the affinity that they had, where they lost it; one that ended, or may not have it now, is left. */
export function restoreAffinities(pinned: readonly PinnedThread[]): void {
  for (const { id, startTime, mask } of pinned) {
    if (readStartTime(id) === startTime && readAffinity(id) !== mask) writeAffinity(id, mask);
  }
}

/** Thread ids of a process; none where it has ended. */
export function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** One bit a core that is switched on. */
export function onlineCores(): bigint {
  const online = coresOf(readFileSync('/sys/devices/system/cpu/online', 'utf8'));
  return online.reduce((mask, core) => mask | (1n << BigInt(core)), 0n);
}
