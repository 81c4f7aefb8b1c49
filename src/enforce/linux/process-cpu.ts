import { readProcessCpuClock } from './syscalls.js';

/** CPU time of all threads of a process, ended ones included, in ns, from its CPU clock; 0 once it has ended. */
export function processCpuNs(pid: number): bigint {
  const scratch = Buffer.alloc(16);
  if (readProcessCpuClock(pid, scratch) < 0) return 0n;
  return scratch.readBigInt64LE(0) * 1_000_000_000n + scratch.readBigInt64LE(8);
}
