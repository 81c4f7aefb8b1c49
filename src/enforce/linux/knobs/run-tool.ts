import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const TIMEOUT_MS = 30_000;

/**
 * What a manager's own command prints. Rejects with an errno error: EPERM where it refuses, ENOENT where there is no such
 * command, EIO otherwise, with its own words.
 */
export async function runTool(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      timeout: TIMEOUT_MS,
      env: { ...process.env, LC_ALL: 'C' },
    });
    return stdout;
  } catch (error) {
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string };
    const words = stderr.trim() || message;
    const refused = /denied|not permitted|authentication required/i.test(words);
    throw Object.assign(new Error(words), {
      code: refused ? 'EPERM' : code === 'ENOENT' ? 'ENOTSUP' : 'EIO',
    });
  }
}
