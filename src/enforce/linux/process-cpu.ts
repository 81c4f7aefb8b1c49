import type { CpuClock } from '../../support/cpu-clock.js';
import { readProcessCpuClock } from './syscalls.js';

const scratch = Buffer.alloc(16);

/** From its CPU clock: one system call, and no file. */
export const processCpuNs: CpuClock = (pid) => {
  if (readProcessCpuClock(pid, scratch) < 0) return 0n;
  return scratch.readBigInt64LE(0) * 1_000_000_000n + scratch.readBigInt64LE(8);
};
