import { readValue } from './cgroup-files.js';

/** What this boot of the host is called: what the kernel was told before it, it has forgotten. */
export const bootId = (): string => readValue('/proc/sys/kernel/random/boot_id') ?? '';
