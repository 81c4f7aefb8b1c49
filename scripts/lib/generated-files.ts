import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/support/package-root.js';

/**
 * Writes generated files, named from the root of the package; with `--check` on the command line it writes nothing, names
 * those that are not current with the command that renews them, and ends with 1 when there are any.
 */
export function publish(files: ReadonlyMap<string, string>, command: string): void {
  if (!process.argv.includes('--check')) {
    for (const [name, text] of files) writeFileSync(join(packageRoot(), name), text);
    return;
  }
  const stale = [...files].filter(([name, text]) => readOrEmpty(join(packageRoot(), name)) !== text);
  for (const [name] of stale) console.error(`${name} is not current: ${command}`);
  process.exitCode = stale.length > 0 ? 1 : 0;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
