import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { readValue } from './cgroup-files.js';

/** What the running kernel was built with, as lines CONFIG_NAME=VALUE; empty where it does not say. */
export function kernelConfiguration(): string {
  try {
    return gunzipSync(readFileSync('/proc/config.gz')).toString('latin1');
  } catch {
    return readValue(`/boot/config-${release()}`) ?? '';
  }
}
