import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../src/support/package-root.js';

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: that of the checkout. */
  readonly bin?: string;
  readonly cwd?: string;
}

export const VMC = join(packageRoot(), 'bin', 'vmc.cjs');
export const DEMO_POLICY = join(packageRoot(), 'examples', 'policies', 'demo.vmc');

const TIMEOUT_MS = 30_000;

/** Runs the built `vmc` as a shell would, with pipes. It has to be built: `npm test` does. */
export async function vmc(
  args: readonly string[],
  { input = '', env = {}, bin = VMC, cwd = process.cwd() }: RunOptions = {},
): Promise<Ended> {
  if (!existsSync(join(bin, '..', '..', 'dist', 'cli.cjs'))) throw new Error('not built: npm run build');
  const child = spawn(bin, args, {
    cwd,
    env: { ...environment(), ...env },
    timeout: TIMEOUT_MS,
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
}

/** That of the tests, without what is the test runner's own: its loader, and the coverage of its processes. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, VMC_SOCKET: ___, ...rest } = process.env;
  return rest;
}

/** The one JSON document on stdout; throws when it is not one. */
export const documentOf = ({ stdout }: Ended): Record<string, unknown> =>
  JSON.parse(stdout) as Record<string, unknown>;
