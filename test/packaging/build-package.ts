import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The same package again under a later version, in the same directory; its path. */
export function laterPackage(deb: string): string {
  const [tree, later] = [`${deb}.tree`, `${deb}.later.deb`];
  execFileSync('dpkg-deb', ['--raw-extract', deb, tree]);
  const control = join(tree, 'DEBIAN', 'control');
  const text = readFileSync(control, 'utf8').replace(/^Version: .*/m, (line) => `${line}+later`);
  writeFileSync(control, text);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', tree, later]);
  rmSync(tree, { recursive: true });
  return later;
}
