import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/** `dist`/types: the declarations of the library's entries. Their errors are the business of `npm run check`. */
export function emitTypes(dist) {
  const compiler = join(ROOT, 'node_modules', '.bin', 'tsc');
  const child = spawn(compiler, ['-p', 'tsconfig.build.json', '--outDir', join(dist, 'types')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) console.error(`vmc: the library's types have errors (npm run check):\n${output}`);
      resolve();
    });
  });
}
