import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/** Runs the light commands once in a process of their own and keeps the code that V8 compiled for them. */
export function makeCodeCache() {
  if (!existsSync(join(ROOT, 'dist/cli.cjs'))) return;
  const script = join(ROOT, 'scripts/lib/record-code-cache.cjs');
  const { status } = spawnSync(process.execPath, [script], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // vmc works without it, only slower to start.
  if (status !== 0) console.error('vmc: no code cache could be made');
}
