/*
 * Makes a fresh clone ready, with nothing but Node: packages, build, and the programs of the system that are needed.
 * Used by `npm run demo` and `npm test`, so it may import nothing from node_modules.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './root.mjs';

const OLDEST_NODE = [20, 19];

/** Ends the process with a plain message where Node is too old for the project. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(`vmc needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.version}.`);
  process.exit(4);
}

/** `npm ci` (which builds, too) where node_modules is missing or older than the lock file; else only the build. */
export function installAndBuild() {
  if (packagesAreCurrent()) run(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
  else run('npm', ['ci']);
}

function packagesAreCurrent() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs;
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  console.error(`vmc: '${[program, ...args].join(' ')}' failed${error ? `: ${error.message}` : ''}`);
  process.exit(4);
}

/** Programs of the system and the Debian packages that bring them. */
const PROGRAMS = {
  'qemu-system-x86_64': 'qemu-system-x86',
  mke2fs: 'e2fsprogs',
  tc: 'iproute2',
  perl: 'perl-base',
  script: 'bsdutils',
  setpriv: 'util-linux',
  taskset: 'util-linux',
  nvim: 'neovim',
};

/**
 * Sees to it that the programs are there: by apt-get as root or through `sudo -n`; what stays missing is said and returned.
 */
export function ensurePrograms(names) {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return [];
  const packages = [...new Set(missing.map((name) => PROGRAMS[name]))];
  aptInstall(packages);
  const still = missing.filter((name) => !isInstalled(name));
  if (still.length > 0) {
    const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
    console.error(`vmc: missing: ${still.join(', ')}. As root: ${command}`);
  }
  return still;
}

/** Also where Debian puts what is for administrators, which is not in every user's PATH. */
function isInstalled(program) {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return directories.some((directory) => directory !== '' && existsSync(join(directory, program)));
}

function aptInstall(packages) {
  const prefix = rootPrefix();
  if (prefix === null || !isInstalled('apt-get')) return;
  console.error(`vmc: installing ${packages.join(', ')}`);
  const install = ['install', '-y', '-q', '--no-install-recommends', ...packages];
  if (aptGet(prefix, install) || !aptGet(prefix, ['update', '-q'])) return;
  aptGet(prefix, install);
}

/** The words before a command that make root run it without a question; null where nothing does. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null;
}

function aptGet(prefix, args) {
  const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
  const [program, ...rest] = [...prefix, ...quiet];
  // Its chatter is of use only when it fails, and then stderr has it.
  return spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
