import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';

/** Skips the test or suite, with the reason on the terminal, where QEMU or what starts it is not installed. */
export function requireQemu(context: Context): void {
  for (const program of ['qemu-system-x86_64', 'setpriv', 'taskset', 'script']) {
    if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error) {
      console.log(`      needs ${program}`);
      context.skip();
    }
  }
}
