/*
 * Draws docs/top.svg (`npm run top-picture`): `vmc top` in a terminal of 110 by 28 (tmux), with a real daemon, the guests of the
 * demonstration and an owner who has come back. Needs root, QEMU and tmux, half a minute, and no other daemon on the machine.
 */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DaemonProcess } from '../demo/daemon-process.js';
import { chooseStage, coreCount, startGuests } from '../demo/stage.js';
import { packageRoot } from '../src/support/package-root.js';
import { terminalSvg } from './session/terminal-svg.js';

const COLUMNS = 110;
const ROWS = 28;
const CALM_MS = 12_000;
const BUSY_MS = 10_000;

/** A server of tmux of our own: nobody else's terminals are touched. */
const tmux = (...args: string[]): string =>
  spawnSync('tmux', ['-L', `vmc-picture-${process.pid}`, '-f', '/dev/null', ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' },
  }).stdout;

const startHog = () =>
  spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'sh', '-c', 'while :; do :; done'], { stdio: 'ignore' });

const { policy, guests: wanted } = chooseStage();
const guests = await startGuests(wanted);
const daemon = new DaemonProcess();
const hogs: ReturnType<typeof startHog>[] = [];
try {
  await daemon.start(policy);
  const vmc = `'${process.execPath}' '${join(packageRoot(), 'bin', 'vmc.cjs')}'`;
  tmux('new-session', '-d', '-x', String(COLUMNS), '-y', String(ROWS), `exec ${vmc} top`);
  tmux('set-option', '-g', 'status', 'off');
  tmux('resize-window', '-x', String(COLUMNS), '-y', String(ROWS));
  await delay(CALM_MS);
  for (let i = 0; i < 2 * coreCount(); i++) hogs.push(startHog());
  await delay(BUSY_MS);
  const pane = tmux('capture-pane', '-e', '-p');
  if (!pane.includes('vmc top')) throw new Error(`tmux shows no vmc top:\n${pane}`);
  writeFileSync(join(packageRoot(), 'docs', 'top.svg'), terminalSvg(pane));
  console.log(pane);
} finally {
  tmux('kill-server');
  for (const hog of hogs) hog.kill('SIGKILL');
  await daemon.stop();
  await Promise.all(guests.map((guest) => guest.stop()));
}
