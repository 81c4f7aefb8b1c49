import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Of this machine's programs those that packages of ours depend on; Node, wherever it comes from, is Debian's nodejs. */
const FROM_THIS_MACHINE = ['perl-base', 'util-linux'];

/** Versions of the packages that this machine's own programs stand for, by name. */
export async function machinePackages(): Promise<ReadonlyMap<string, string>> {
  const format = `-f=\${Package} \${Version}\\n`;
  const { stdout } = await execute('dpkg-query', [format, '--show', ...FROM_THIS_MACHINE]);
  const lines = stdout.trim().split('\n');
  const versions = lines.map((line): [string, string] => {
    const [name = '', version = ''] = line.split(' ');
    return [name, version];
  });
  return new Map([...versions, ['nodejs', process.version.slice(1)]]);
}

/** Has dpkg in `tree` know packages as installed, by name and version: what is to be installed there can depend on them. */
export async function writePackageDatabase(
  tree: string,
  packages: ReadonlyMap<string, string>,
): Promise<void> {
  const database = join(tree, 'var/lib/dpkg');
  for (const directory of ['info', 'updates', 'triggers']) {
    await mkdir(join(database, directory), { recursive: true });
  }
  const stanzas = [...packages].map(([name, version]) =>
    [
      ...[`Package: ${name}`, 'Status: install ok installed', 'Maintainer: nobody <nobody@localhost>'],
      ...['Architecture: amd64', `Version: ${version}`, 'Description: of the test host'],
    ].join('\n'),
  );
  await writeFile(join(database, 'status'), `${stanzas.join('\n\n')}\n`);
  // Else dpkg warns of every single one.
  for (const name of packages.keys()) await writeFile(join(database, 'info', `${name}.list`), '/.\n');
}
