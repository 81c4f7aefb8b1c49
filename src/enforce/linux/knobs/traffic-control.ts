import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { NetworkNamespace } from './tap-devices.js';
import { parseQdiscs, type Qdisc } from './tap-shaping.js';

const TIMEOUT_MS = 2000;
const DIRECTORIES = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** Full path of a program of iproute2 or util-linux, which a user's PATH need not have; null: it is not installed. */
export function systemProgram(name: string): string | null {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), ...DIRECTORIES];
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path)) ?? null;
}

/** All queueing disciplines of a namespace. Rejects as {@link runIn}. */
export async function readQdiscs(namespace: NetworkNamespace): Promise<readonly Qdisc[]> {
  return parseQdiscs(await runIn(namespace, 'tc', ['-j', 'qdisc', 'show'], ''));
}

/** Runs lines of `tc -batch` or `ip -batch`, up to the first that fails. */
export async function runBatch(
  namespace: NetworkNamespace,
  program: 'tc' | 'ip',
  lines: readonly string[],
): Promise<void> {
  if (lines.length > 0) await runIn(namespace, program, ['-batch', '-'], `${lines.join('\n')}\n`);
}

/**
 * Runs a program in a network namespace; the answer is what it printed. Rejects with an errno error: EPERM, ENODEV (no such
 * device any more), ENOTSUP (not installed, or not built into the kernel), EIO with its words.
 */
async function runIn(
  { path }: NetworkNamespace,
  name: 'tc' | 'ip',
  argumentsOf: readonly string[],
  input: string,
): Promise<string> {
  const program = required(name);
  const [command = program, ...rest] =
    path === null ? [program] : [required('nsenter'), `--net=${path}`, program];
  const child = spawn(command, [...rest, ...argumentsOf], { timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  child.stdin.on('error', () => {}); // it ended before it had read all
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return texts.stdout;
  throw refusedBy(name, texts.stderr.trim() || `ended with ${code ?? 'a signal: it took too long'}`);
}

function required(name: string): string {
  const path = systemProgram(name);
  if (path !== null) return path;
  const from = name === 'nsenter' ? 'util-linux' : 'iproute2';
  throw Object.assign(new Error(`${name} is not installed: apt-get install ${from}`), { code: 'ENOTSUP' });
}

const CODES: readonly (readonly [RegExp, string])[] = [
  [/operation not permitted|permission denied/i, 'EPERM'],
  [/cannot find device|no such device/i, 'ENODEV'],
  [/unknown|not supported|no such file/i, 'ENOTSUP'],
];

function refusedBy(name: string, words: string): Error {
  const code = CODES.find(([pattern]) => pattern.test(words))?.[1] ?? 'EIO';
  return Object.assign(new Error(`${name}: ${words.split('\n')[0] ?? ''}`), { code });
}
