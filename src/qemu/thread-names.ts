import type { VcpuThread } from './guest.js';
import { readProcFile, readThreadStat } from './proc-files.js';

/**
 * Which virtual CPU a thread's name stands for (QEMU's accel/, with `debug-threads=on`): "CPU 3/KVM" and "CPU
 * 3/TCG" CPU 3, "ALL CPUs/TCG" all of them, told as CPU 0; null for any other name.
 */
export function vcpuOfThreadName(name: string): number | null {
  if (name === 'ALL CPUs/TCG') return 0;
  const index = /^CPU (\d{1,5})\/[A-Z]+$/.exec(name)?.[1];
  return index === undefined ? null : Number(index);
}

/**
 * The virtual CPUs of a process by the names of its threads, in order of their index; none where names do not
 * tell.
 */
export function vcpusByThreadName(
  procRoot: string,
  pid: number,
  tids: readonly number[],
): readonly VcpuThread[] {
  const byIndex = new Map<number, VcpuThread>();
  for (const tid of tids) {
    // `-name process=` names the main thread, as its owner likes; it never is a virtual CPU.
    if (tid === pid) continue;
    const index = vcpuOfThreadName(
      readProcFile(`${procRoot}/${pid}/task/${tid}/comm`)?.replace(/\n$/, '') ?? '',
    );
    const stat = index === null || byIndex.has(index) ? null : readThreadStat(procRoot, pid, tid);
    if (index !== null && stat) byIndex.set(index, { index, tid, startTime: stat.startTime });
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}
