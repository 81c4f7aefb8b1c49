import { readFileSync } from 'node:fs';

/** Soft limits by their names in /proc/PID/limits (man 2 getrlimit). */
export type LimitName = 'Max nice priority' | 'Max realtime priority' | 'Max realtime timeout';

/** Infinite where there is no limit; null where it cannot be read. */
export function readLimit(name: LimitName, pid: number | 'self' = 'self'): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/limits`, 'latin1');
    const soft = new RegExp(`^${name}\\s+(\\d+|unlimited)`, 'm').exec(text)?.[1];
    if (soft === undefined) return null;
    return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return null;
  }
}
