import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/support/package-root.js';

/** `npm run package` into a directory, of what was built last; the path of the package. */
export function buildPackage(directory: string, env: Readonly<Record<string, string>> = {}): string {
  const script = join(packageRoot(), 'scripts', 'package.mjs');
  const printed = execFileSync(process.execPath, [script, directory], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  return printed.trim();
}
