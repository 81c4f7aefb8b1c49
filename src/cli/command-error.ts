import { ExitCode } from './exit-code.js';

/** Why a command could not do what it was asked: `{"error": {"code", "message", "hint"}}` in JSON. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;
  /** Stable, in capitals: USAGE, or an errno such as ENOENT, or NO_DAEMON. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, code: string, message: string, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.hint = hint;
  }
}

/** The command line itself is wrong: exit code 3. */
export function usageError(message: string, hint?: string): CommandError {
  return new CommandError(ExitCode.badUsage, 'USAGE', message, hint);
}

/** The host, a file or the daemon refused: exit code 4. */
export function refusal(code: string, message: string, hint?: string): CommandError {
  return new CommandError(ExitCode.refused, code, message, hint);
}
