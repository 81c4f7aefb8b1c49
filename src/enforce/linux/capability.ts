import { readValue } from './cgroup-files.js';

/** Whether this process has a capability, by its bit (man 7 capabilities). */
export function hasCapability(bit: number): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readValue('/proc/self/status') ?? '')?.[1] ?? '0';
  return ((BigInt(`0x${mask}`) >> BigInt(bit)) & 1n) === 1n;
}

/** CAP_SYS_NICE, for scheduling classes of others' threads. */
export const canSetScheduling = (): boolean => hasCapability(23);
