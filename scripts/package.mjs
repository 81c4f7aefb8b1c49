#!/usr/bin/env node
/*
 * `npm run package`: dist/vmc_VERSION_ARCHITECTURE.deb from what was built last. The same bytes from the same sources
 * (SOURCE_DATE_EPOCH, else the time of the last commit, is what every file in it is dated), whoever builds it: nothing of it
 * is downloaded, and it takes no root.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './lib/root.mjs';
import { stagePackage } from './lib/stage-package.mjs';

/** Debian's names of architectures. */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

const architecture = ARCHITECTURES[process.arch];
if (architecture === undefined) fail(`there is no package for ${process.arch}`);
if (!existsSync(join(ROOT, 'dist/cli.cjs'))) fail('it is not built yet: npm run build');
const version =
  process.env.VMC_PACKAGE_VERSION ?? JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;
const [target = join(ROOT, 'dist')] = process.argv.slice(2);
const file = join(target, `vmc_${version}_${architecture}.deb`);
const tree = mkdtempSync(join(tmpdir(), 'vmc-package-'));
try {
  stagePackage(tree, { version, architecture });
  const { status, error } = spawnSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, file], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, SOURCE_DATE_EPOCH: sourceDate() },
  });
  if (status !== 0) fail(`dpkg-deb failed${error ? `: ${error.message}` : ''}`);
  console.log(file);
} finally {
  rmSync(tree, { recursive: true, force: true });
}

function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given) return given;
  const { stdout, status } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '0';
}

function fail(message) {
  console.error(`vmc: ${message}`);
  process.exit(4);
}
