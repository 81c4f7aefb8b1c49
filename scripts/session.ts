/*
 * Records what `vmc` says of the policies in docs/messages/ on a terminal (`npm run session`): docs/messages/session.svg
 * with its colours, session.txt without. With --check it only says whether they are current.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../src/support/package-root.js';
import { publish } from './lib/generated-files.js';
import { terminalSvg } from './session/terminal-svg.js';

const DIRECTORY = join(packageRoot(), 'docs', 'messages');
const COMMANDS = [
  'vmc check typo.vmc',
  'vmc check unit.vmc',
  'vmc compile --host host.json conflict.vmc',
  'vmc compile --host host.json assertion.vmc',
  'vmc compile --host host.json infeasible.vmc',
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is sent
const ESCAPES = /\u001b\[[0-9;]*m/g;

const session = COMMANDS.map((command) => `\u001b[1m$ ${command}\u001b[0m\n${onTerminal(command)}`).join(
  '\n',
);
publish(
  new Map([
    ['docs/messages/session.svg', terminalSvg(session)],
    ['docs/messages/session.txt', session.replace(ESCAPES, '')],
  ]),
  'npm run session',
);

/** What a command prints when it is run in a terminal of 100 columns. */
function onTerminal(command: string): string {
  const program = join(packageRoot(), 'bin', 'vmc.cjs');
  const line = `stty cols 100; ${command.replace(/^vmc/, `'${process.execPath}' '${program}'`)}`;
  const { stdout, status } = spawnSync('script', ['-qec', line, '/dev/null'], {
    cwd: DIRECTORY,
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: '', SHELL: '/bin/sh' },
  });
  if (status === null || stdout === '') throw new Error(`could not run ${command} in a terminal`);
  return stdout.replaceAll('\r', '');
}
