import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';
import { skipBecause } from '../skip-because.js';

/** Skips the test or suite where QEMU, or what starts it, is not installed. */
export function requireQemu(context: Context): void {
  for (const program of ['qemu-system-x86_64', 'setpriv', 'taskset', 'script']) {
    if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error)
      skipBecause(context, `needs ${program}`);
  }
}

/** Skips the test or suite for anybody but root. */
export function requireRoot(context: Context, why: string): void {
  if (process.getuid?.() !== 0) skipBecause(context, `needs root ${why}`);
}
