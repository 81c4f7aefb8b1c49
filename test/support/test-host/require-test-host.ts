import { spawnSync } from 'node:child_process';

/** Programs that building and booting the test host takes, and the Debian packages that they come in. */
const PROGRAMS = {
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
  mke2fs: 'e2fsprogs',
  'qemu-system-x86_64': 'qemu-system-x86',
  setpriv: 'util-linux',
  script: 'bsdutils',
} as const;

/** Skips the test or suite, with the reason in its title, on machines that no test host can be built on. */
export function requireTestHost(context: Mocha.Context): void {
  const reason = missing();
  if (reason === null) return;
  if (context.test) context.test.title += ` [${reason}]`;
  context.skip();
}

function missing(): string | null {
  if (process.arch !== 'x64') return 'the test host runs the programs of an amd64 Debian or Ubuntu machine';
  const path = `${process.env['PATH']}:/usr/sbin:/sbin`;
  for (const [program, debianPackage] of Object.entries(PROGRAMS)) {
    const { error } = spawnSync(program, ['--version'], {
      env: { ...process.env, PATH: path },
      stdio: 'ignore',
    });
    if (error) return `needs ${program}: apt-get install ${debianPackage}`;
  }
  return null;
}
