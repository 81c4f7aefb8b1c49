import yargs, { type Argv } from 'yargs';
// biome-ignore lint/correctness/useImportExtensions: not a module of ours, a JSON file.
import packageJson from '../../package.json' with { type: 'json' };
import { nearest } from '../lang/did-you-mean.js';
import type { AnyCommand } from './command.js';
import { type CommandError, usageError } from './command-error.js';
import { COMMANDS, type CommandEntry } from './commands.js';

/** Options that every command takes. */
export interface GlobalArguments {
  readonly format: 'text' | 'json';
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
}

/** What a command line comes to: a command to run, or a text that yargs answers itself (help, version, completion). */
export type Invocation =
  | { readonly kind: 'command'; readonly command: AnyCommand; readonly args: GlobalArguments }
  | { readonly kind: 'answer'; readonly text: string };

/**
 * Parses a command line. Only the module of the command that is named first is loaded: the others cost start-up time
 * and nothing they know is needed. Throws a {@link CommandError} (exit code 3) for what is no command line of vmc.
 */
export async function parse(argv: readonly string[], columns: number): Promise<Invocation> {
  const word = argv.find((argument) => !argument.startsWith('-'));
  const named = COMMANDS.find(({ name }) => name === word);
  const loaded = await load(named && !argv.includes(COMPLETIONS) ? [named] : COMMANDS);
  return interpret(argv, loaded, columns, word);
}

/** What yargs' completion script passes when the shell asks for candidates. */
const COMPLETIONS = '--get-yargs-completions';

interface LoadedEntry extends CommandEntry {
  readonly command: AnyCommand;
}

const load = (entries: readonly CommandEntry[]): Promise<LoadedEntry[]> =>
  Promise.all(entries.map(async (entry) => ({ ...entry, command: await entry.load() })));

function interpret(
  argv: readonly string[],
  entries: readonly LoadedEntry[],
  columns: number,
  word: string | undefined,
): Promise<Invocation> {
  return new Promise((resolve, reject) => {
    let chosen: Invocation | null = null;
    const parser = newParser(argv, columns);
    for (const { command, summary } of entries) {
      const builder = (builder: Argv) => globalOptions(command.options(builder));
      const handler = (args: unknown) => {
        chosen = { kind: 'command', command, args: args as GlobalArguments };
      };
      parser.command(command.usage, summary, builder, handler);
    }
    parser.parse([...argv], {}, (error, _args, output) => {
      if (error) reject(asUsageError(error, parser, argv, word));
      else resolve(chosen && output === '' ? chosen : { kind: 'answer', text: output });
    });
  });
}

function newParser(argv: readonly string[], columns: number): Argv {
  const parser = yargs([...argv])
    .scriptName('vmc')
    .usage('$0 <command>\n\nLends a machine to virtual machines on its owner’s terms.')
    .example('$0 compile examples/policies/demo.vmc', 'what this policy comes to on this machine')
    .example('$0 compile --help', 'a command’s options, with an example')
    .epilogue('Exit codes: 0 done, 1 the policy has errors, 2 infeasible, 3 bad usage, 4 refused, 70 a bug.')
    .locale('en')
    .parserConfiguration(PARSING)
    .help()
    .alias('help', 'h')
    .version(packageJson.version)
    .completion('completion', 'a completion script: vmc completion >> ~/.bashrc')
    .exitProcess(false)
    .showHelpOnFail(false)
    .demandCommand(1, 'a command is missing')
    .strict()
    .wrap(Math.min(100, columns));
  return globalOptions(parser);
}

/** Words mean what they say: no numbers made of names, no dots that nest, no `--no-` for options that are not there. */
const PARSING = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'strip-aliased': true,
};

function globalOptions<T>(parser: Argv<T>): Argv<T> {
  return parser
    .option('format', { choices: ['text', 'json'], default: 'text', describe: 'json: one document, stable' })
    .option('color', { choices: ['auto', 'always', 'never'], default: 'auto', describe: 'colours' })
    .option('quiet', { alias: 'q', type: 'boolean', default: false, describe: 'only results and errors' });
}

/** yargs' complaint in our form, with the near miss. */
function asUsageError(
  error: Error | undefined,
  parser: Argv,
  argv: readonly string[],
  word: string | undefined,
): CommandError {
  const entry = COMMANDS.find(({ name }) => name === word);
  if (!entry && word !== undefined) {
    const meant = nearest(word, [...COMMANDS.map(({ name }) => name), 'completion']);
    const hint = meant ? `did you mean 'vmc ${meant}'?` : "'vmc --help' lists the commands";
    return usageError(`there is no command '${word}'`, hint);
  }
  const message = lowerFirst(error?.message ?? 'the command line is not understood');
  const seeHelp = entry ? `see 'vmc ${entry.name} --help'` : "'vmc --help' lists the commands";
  return usageError(message, optionMeant(message, parser, argv) ?? seeHelp);
}

function optionMeant(message: string, parser: Argv, argv: readonly string[]): string | null {
  const [, unknown] = /^unknown arguments?: ([^,]+)/.exec(message) ?? [];
  if (unknown === undefined || !argv.some((argument) => argument.startsWith(`--${unknown}`))) return null;
  const meant = nearest(unknown, knownOptions(parser));
  return meant ? `did you mean '--${meant}'?` : null;
}

/** yargs has this method (it documents `getOptions`), its types do not. */
function knownOptions(parser: Argv): string[] {
  const { key } = (parser as unknown as { getOptions(): { key: Record<string, unknown> } }).getOptions();
  return Object.keys(key);
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
