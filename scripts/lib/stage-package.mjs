import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { EXTERNAL } from './bundle-commands.mjs';
import { ROOT } from './root.mjs';
import { runtimeModules } from './runtime-modules.mjs';

const HOME = 'usr/lib/vmc';
const DOC = 'usr/share/doc/vmc';
/** Of the checkout, as it is: what runs. V8's code cache is made where it is installed (postinst). */
const PROGRAM = [
  'package.json',
  'bin',
  'dist/chunks',
  'schemas',
  'docs/errors',
  'examples',
  'scripts/lib/record-code-cache.cjs',
  'src/enforce/guardian',
  'src/enforce/calibration/switch-costs.pl',
];
const FILES = {
  'packaging/vmcd.service': 'usr/lib/systemd/system/vmcd.service',
  'packaging/vmc.sysusers': 'usr/lib/sysusers.d/vmc.conf',
  'packaging/vmc.tmpfiles': 'usr/lib/tmpfiles.d/vmc.conf',
  'packaging/policy.vmc': 'etc/vmc/policy.vmc',
  'packaging/debian/copyright': `${DOC}/copyright`,
};
const MAINTAINER_SCRIPTS = ['postinst', 'prerm', 'postrm'];
/** What runs of a package from npm: the sources of an addon and its documents do not. */
const RUNS = new Set(['.js', '.cjs', '.mjs', '.json', '.node']);

/** The tree of the Debian package in `tree`, with the same content, modes and order for the same sources. */
export function stagePackage(tree, { version, architecture }) {
  for (const path of [...PROGRAM, ...entries()]) copy(join(ROOT, path), join(tree, HOME, path));
  for (const name of runtimeModules(EXTERNAL)) copyModule(name, join(tree, HOME, 'node_modules', name));
  for (const [from, to] of Object.entries(FILES)) copy(join(ROOT, from), join(tree, to));
  for (const name of readdirSync(join(ROOT, 'docs'))) {
    if (extname(name) === '.md') copy(join(ROOT, 'docs', name), join(tree, DOC, name));
  }
  write(join(tree, DOC, 'changelog.gz'), gzipSync(readFileSync(join(ROOT, 'CHANGELOG.md')), { level: 9 }));
  for (const program of ['vmc', 'vmcd']) {
    mkdirSync(join(tree, 'usr/bin'), { recursive: true });
    symlinkSync(`../lib/vmc/bin/${program}.cjs`, join(tree, 'usr/bin', program));
  }
  write(join(tree, 'DEBIAN/conffiles'), '/etc/vmc/policy.vmc\n');
  for (const name of MAINTAINER_SCRIPTS)
    copy(join(ROOT, 'packaging/debian', name), join(tree, 'DEBIAN', name));
  const kib = Math.ceil(sizeOf(tree) / 1024);
  const control = readFileSync(join(ROOT, 'packaging/debian/control'), 'utf8')
    .replace('@VERSION@', version)
    .replace('@ARCHITECTURE@', architecture)
    .replace('@INSTALLED_SIZE@', `${kib}`);
  write(join(tree, 'DEBIAN/control'), control);
  setModes(tree);
}

/** The commands and the daemon's threads; the demonstration belongs to the checkout. */
const entries = () =>
  readdirSync(join(ROOT, 'dist'))
    .filter((name) => name.endsWith('.cjs') && name !== 'demo.cjs')
    .map((name) => `dist/${name}`);

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}

function copyModule(name, to) {
  const from = join(ROOT, 'node_modules', name);
  cpSync(from, to, {
    recursive: true,
    filter: (path) =>
      lstatSync(path).isDirectory()
        ? !/(?:^|\/)(?:musl_\w+|node_modules)$/.test(relative(from, path))
        : RUNS.has(extname(path)) || /^licen[cs]e/i.test(relative(from, path)),
  });
  removeEmpty(to);
}

/** Those of sources, of which nothing was copied. */
function removeEmpty(directory) {
  const entries = readdirSync(directory, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) removeEmpty(join(directory, entry.name));
  if (readdirSync(directory).length === 0) rmdirSync(directory);
}

function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function* entriesOf(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    yield { path, entry };
    if (entry.isDirectory()) yield* entriesOf(path);
  }
}

const sizeOf = (tree) =>
  [...entriesOf(tree)].reduce(
    (sum, { path, entry }) => sum + (entry.isFile() ? lstatSync(path).size : 4096),
    0,
  );

const isProgram = (path) => /^(?:usr\/lib\/vmc\/bin\/|DEBIAN\/(?:postinst|prerm|postrm)$)/.test(path);

/** Whatever the umask of who packs it, and of who cloned it. */
function setModes(tree) {
  chmodSync(tree, 0o755);
  for (const { path, entry } of entriesOf(tree)) {
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, isProgram(relative(tree, path)) ? 0o755 : 0o644);
  }
}
