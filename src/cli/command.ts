import type { Colors } from './colors.js';
import type { ExitCode } from './exit-code.js';

/** What every command is given beside its own arguments. */
export interface Context {
  readonly format: 'text' | 'json';
  /** Say nothing but results and errors. */
  readonly quiet: boolean;
  /** For stdout: colours on a terminal, plain text elsewhere (`--color`). */
  readonly colors: Colors;
  /** The same for stderr. */
  readonly errorColors: Colors;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What a command answers; the caller prints the form that was asked for. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** The one document of `--format json`; absent for commands that stream and have written already. */
  readonly json?: unknown;
  /**
   * On stdout, byte for byte: for programs (csv, a patch, a policy that goes into a file). Whoever answers it has seen to it that
   * nothing in it commands a terminal, or that it goes to none.
   */
  readonly verbatim?: string;
  /** For people, on stdout. Ends without a newline. */
  readonly text?: string;
  /** For people, on stderr: diagnostics and other complaints. Ends without a newline. */
  readonly complaints?: string;
}

export interface OptionSpec {
  readonly type: 'string' | 'boolean' | 'number';
  readonly describe: string;
  /** One letter. */
  readonly alias?: string;
  readonly choices?: readonly string[];
  readonly default?: string | boolean;
  /** May be given several times: the command is given a list, of none when it is not given. */
  readonly repeatable?: true;
}

export interface PositionalSpec {
  readonly describe: string;
  readonly choices?: readonly string[];
}

/** One command of `vmc`: its command line and what it does. */
export interface Command<Arguments> {
  /** The name, then `<required>` and `[optional]` positionals; the last may be a list: `<files..>`. */
  readonly usage: string;
  readonly describe: string;
  /** Each of those in `usage`. */
  readonly positionals: Readonly<Record<string, PositionalSpec>>;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Command lines, each with what it is for; `$0` is `vmc`. */
  readonly examples: readonly (readonly [commandLine: string, purpose: string])[];
  readonly run: (args: Arguments, context: Context) => Promise<CommandResult>;
}

/** A command of which only the command line is known to the caller. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments' type is between the command's own options and run.
export type AnyCommand = Command<any>;
