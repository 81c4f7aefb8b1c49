import { InvariantError } from '../support/invariant.js';
import { safeForTerminal } from '../support/terminal-text.js';
import { colorsFor } from './colors.js';
import type { CommandResult, Context, OutputStream } from './command.js';
import { CommandError } from './command-error.js';
import { ExitCode } from './exit-code.js';
import type { GlobalArguments } from './global-options.js';
import { parse } from './parse.js';
import { StandardStream } from './standard-stream.js';

/** What a run of vmc has of the outside world. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The process `vmc`: runs a command line and leaves its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const [stdout, stderr] = [new StandardStream(1), new StandardStream(2)];
  process.exitCode = await run(argv, { stdout, stderr, env: process.env });
}

/** Runs a command line, writes what it answers, and returns the exit code. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const invocation = await parse(argv, () => io.stdout.columns ?? 100);
    if (invocation.kind === 'answer') return answer(invocation.text, argv, io);
    const context = contextOf(invocation.args, io);
    const result = await invocation.command.run(invocation.args, context);
    print(result, context);
    return result.exitCode;
  } catch (error) {
    return complain(error, argv, io);
  }
}

function contextOf(args: GlobalArguments, { stdout, stderr, env }: Io): Context {
  return {
    format: args.format === 'json' ? 'json' : 'text',
    quiet: args.quiet,
    colors: colorsFor(args.color, stdout, env),
    errorColors: colorsFor(args.color, stderr, env),
    stdout,
    stderr,
    env,
  };
}

function print(result: CommandResult, { format, stdout, stderr }: Context): void {
  if (format === 'json') {
    if (result.json !== undefined) stdout.write(`${JSON.stringify(result.json, null, 2)}\n`);
    return;
  }
  if (result.verbatim !== undefined) stdout.write(result.verbatim);
  if (result.complaints) stderr.write(`${safeForTerminal(result.complaints)}\n`);
  if (result.text) stdout.write(`${safeForTerminal(result.text)}\n`);
}

function answer(text: string, argv: readonly string[], { stdout }: Io): ExitCode {
  stdout.write(wantsJson(argv) ? `${JSON.stringify({ answer: text }, null, 2)}\n` : `${text}\n`);
  return ExitCode.done;
}

function complain(error: unknown, argv: readonly string[], { stdout, stderr, env }: Io): ExitCode {
  const known = error instanceof CommandError ? error : asBug(error, env);
  const { code, message, hint } = known;
  if (wantsJson(argv)) {
    stdout.write(`${JSON.stringify({ error: { code, message, ...(hint && { hint }) } }, null, 2)}\n`);
  } else {
    stderr.write(safeForTerminal(`vmc: ${message}\n${hint ? `  hint: ${hint}\n` : ''}`));
  }
  return known.exitCode;
}

function asBug(error: unknown, env: Io['env']): CommandError {
  const cause = error instanceof Error ? error : new Error(String(error));
  const kind = error instanceof InvariantError ? 'an assumption of vmc does not hold' : 'unexpected error';
  const detail = env['VMC_DEBUG'] ? `\n${cause.stack}` : '';
  const hint = env['VMC_DEBUG'] ? undefined : 'run it again with VMC_DEBUG=1 and report what it prints';
  return new CommandError(ExitCode.bug, 'BUG', `a bug in vmc: ${kind}: ${cause.message}${detail}`, hint);
}

/** Known even where the command line could not be parsed. */
function wantsJson(argv: readonly string[]): boolean {
  const last = argv.lastIndexOf('--format');
  return argv.includes('--format=json') || (last >= 0 && argv[last + 1] === 'json');
}
