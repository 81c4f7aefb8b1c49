#!/usr/bin/env node
/*
 * `npm run demo`: installs what is missing, builds, and runs the demonstration (demo/main.ts). Arguments after `--` go to it.
 * Not root: asks sudo once where there is a terminal to ask on; else the demo does what an unprivileged user can.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkNode, ensurePrograms, installAndBuild } from './lib/bootstrap.mjs';
import { ROOT } from './lib/root.mjs';

checkNode();
installAndBuild();
const elevated = process.getuid() !== 0 && askForRoot();
if (ensurePrograms(['qemu-system-x86_64']).length > 0) process.exit(4);

const demo = [process.execPath, join(ROOT, 'dist/demo.cjs'), ...process.argv.slice(2)];
const [program, ...args] = elevated ? ['sudo', '-n', '--', ...demo] : demo;
const { status, signal } = spawnSync(program, args, { stdio: 'inherit' });
if (signal) console.error(`vmc: the demo was ended by ${signal}`);
process.exitCode = status ?? 1;

/** Whether commands may be run as root from now on without another question. */
function askForRoot() {
  if (spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const prompt =
    'vmc: reservations and shares need root. Password for sudo (Ctrl-C: only what a user may do): ';
  return spawnSync('sudo', ['-v', '-p', prompt], { stdio: 'inherit' }).status === 0;
}
