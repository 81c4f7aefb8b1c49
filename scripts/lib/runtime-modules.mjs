import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * Names of the packages under node_modules that the given ones need at run time on this kind of machine, themselves included,
 * in order. What is only for others (optional and not installed, or for another C library) is left out.
 */
export function runtimeModules(names) {
  const found = new Set();
  const visit = (name) => {
    const directory = join(ROOT, 'node_modules', name);
    if (found.has(name) || name.endsWith('-musl') || !existsSync(directory)) return;
    found.add(name);
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(directory, 'package.json'), 'utf8'),
    );
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next);
  };
  for (const name of names) visit(name);
  return [...found].sort();
}
