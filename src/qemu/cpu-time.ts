import { readProcessStat, readProcFile, readThreadIds, readThreadStat } from './proc-files.js';

/** The kernel shows clock ticks of 1/100 s (USER_HZ) to programs, whatever its own tick. */
const NS_PER_TICK = 10_000_000n;

/**
 * CPU time that a thread has used since it started, ns, exact to the kernel's latest update (a tick at most
 * behind); null when there is no such thread. From the first field of /proc/PID/task/TID/schedstat.
 */
export function readThreadCpuNs(pid: number, tid: number, procRoot = '/proc'): bigint | null {
  return schedstatField(`${procRoot}/${pid}/task/${tid}/schedstat`, 0);
}

/**
 * Time that a thread was runnable and waiting for a CPU since it started, ns; null when there is no such
 * thread.
 */
export function readThreadWaitNs(pid: number, tid: number, procRoot = '/proc'): bigint | null {
  return schedstatField(`${procRoot}/${pid}/task/${tid}/schedstat`, 1);
}

/**
 * CPU time of a whole process, its ended threads included, ns in steps of 10 ms; null when there is no such
 * process. From fields 14 and 15 of /proc/PID/stat.
 */
export function readProcessCpuNs(pid: number, procRoot = '/proc'): bigint | null {
  const stat = readProcessStat(procRoot, pid);
  return stat && stat.cpuTicks * NS_PER_TICK;
}

/**
 * CPU time of the threads that a process has now, ns, exact: for differences while no thread ends; null
 * without any.
 */
export function readLiveThreadsCpuNs(pid: number, procRoot = '/proc'): bigint | null {
  let sum: bigint | null = null;
  for (const tid of readThreadIds(procRoot, pid)) {
    const ns = readThreadCpuNs(pid, tid, procRoot);
    if (ns !== null) sum = (sum ?? 0n) + ns;
  }
  return sum;
}

/**
 * Whether thread `tid` of process `pid` is still the one that started at `startTime` (field 22), not its
 * successor.
 */
export function isSameThread(pid: number, tid: number, startTime: bigint, procRoot = '/proc'): boolean {
  return readThreadStat(procRoot, pid, tid)?.startTime === startTime;
}

/** Whether `pid` is still the process that started at `startTime`. */
export function isSameProcess(pid: number, startTime: bigint, procRoot = '/proc'): boolean {
  return readProcessStat(procRoot, pid)?.startTime === startTime;
}

function schedstatField(path: string, index: 0 | 1): bigint | null {
  const text = readProcFile(path)?.split(' ')[index];
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : null;
}
