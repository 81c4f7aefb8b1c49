import yargs, { type Argv } from 'yargs';
// biome-ignore lint/correctness/useImportExtensions: not a module of ours, a JSON file.
import packageJson from '../../package.json' with { type: 'json' };
import { nearest } from '../lang/did-you-mean.js';
import type { AnyCommand, OptionSpec } from './command.js';
import { type CommandError, usageError } from './command-error.js';
import { GLOBAL_OPTIONS, type GlobalArguments } from './global-options.js';
import type { Invocation } from './parse.js';
import { positionalsOf } from './positionals.js';

export interface LoadedCommand {
  readonly name: string;
  readonly summary: string;
  readonly command: AnyCommand;
}

/**
 * Has yargs parse a command line, with the commands it may name. Rejects with a {@link CommandError} (exit code 3) for
 * what is no command line of vmc.
 */
export function yargsParse(
  argv: readonly string[],
  commands: readonly LoadedCommand[],
  columns: number,
): Promise<Invocation> {
  const parser = newParser(argv, columns);
  let chosen = null as Invocation | null;
  for (const { command, summary } of commands) {
    const handler = (args: unknown) => {
      chosen = { kind: 'command', command, args: args as GlobalArguments };
    };
    parser.command(command.usage, summary, (builder) => declare(builder, command), handler);
  }
  if (argv[0] === COMPLETIONS) return complete(parser, argv.slice(1));
  return new Promise((resolve, reject) => {
    parser.parse([...argv], {}, (error, args, output) => {
      const unknown = unknownCommand(args, commands);
      if (error) reject(asUsageError(error, parser, argv, commands));
      // Asked for help with what it does not know, yargs gives the help of all.
      else if (!chosen && unknown !== null) reject(noCommand(unknown, commands));
      else if (chosen?.kind === 'command' && repeated(chosen))
        reject(usageError(`--${repeated(chosen)} is given twice`));
      else resolve(chosen && output === '' ? chosen : { kind: 'answer', text: output });
    });
  });
}

/** The name of an option that has several values and may not; null for none. yargs makes lists of them. */
function repeated({ command, args }: Extract<Invocation, { kind: 'command' }>): string | null {
  const options: AnyCommand['options'] = { ...GLOBAL_OPTIONS, ...command.options };
  const names = Object.keys(options).filter((name) => !options[name]?.repeatable);
  return names.find((name) => Array.isArray((args as unknown as Record<string, unknown>)[name])) ?? null;
}

/** What the completion script passes, before the words so far, when the shell asks for candidates. */
const COMPLETIONS = '--get-yargs-completions';

async function complete(parser: Argv, words: readonly string[]): Promise<Invocation> {
  const candidates = await parser.getCompletion([...words]);
  return { kind: 'answer', text: candidates.join('\n') };
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
  return addOptions(parser, GLOBAL_OPTIONS);
}

/** Words mean what they say: no numbers made of names, no dots that nest, no `--no-` for options that are not there. */
const PARSING = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-positional-numbers': false,
  'strip-aliased': true,
};

function declare(parser: Argv, { usage, positionals, options, examples, describe }: AnyCommand): Argv {
  parser.usage(`$0 ${usage}\n\n${describe}`);
  for (const { name, required, list } of positionalsOf(usage)) {
    const { describe: text, choices } = positionals[name] ?? { describe: '' };
    const spec = { type: 'string' as const, describe: text, demandOption: required };
    parser.positional(name, { ...spec, ...(list && { array: true }), ...(choices && { choices }) });
  }
  for (const [commandLine, purpose] of examples) parser.example(commandLine, purpose);
  return addOptions(parser, Object.fromEntries(Object.entries(options).map(besideGlobal)));
}

/** yargs joins the choices of a global option and of the command's own of that name. */
function besideGlobal([name, spec]: [string, OptionSpec]): [string, OptionSpec] {
  const globals: Readonly<Record<string, OptionSpec>> = GLOBAL_OPTIONS;
  const known = globals[name]?.choices;
  if (!known || !spec.choices) return [name, spec];
  return [name, { ...spec, choices: spec.choices.filter((choice) => !known.includes(choice)) }];
}

function addOptions(parser: Argv, options: Readonly<Record<string, OptionSpec>>): Argv {
  for (const [name, spec] of Object.entries(options)) {
    const { repeatable, ...rest } = spec;
    parser.option(name, {
      ...rest,
      requiresArg: spec.type !== 'boolean',
      // One word each time: without the number yargs would take all that follow.
      ...(repeatable && { array: true, nargs: 1, default: [] }),
    });
  }
  return parser;
}

/** The first word, where it names no command; null otherwise. */
function unknownCommand(args: unknown, commands: readonly LoadedCommand[]): string | null {
  const [word] = (args as { readonly _?: readonly (string | number)[] } | undefined)?._ ?? [];
  if (word === undefined || word === 'completion') return null;
  return commands.some(({ name }) => name === word) ? null : String(word);
}

function noCommand(word: string, commands: readonly LoadedCommand[]): CommandError {
  const meant = nearest(word, [...commands.map(({ name }) => name), 'completion']);
  const hint = meant ? `did you mean 'vmc ${meant}'?` : "'vmc --help' lists the commands";
  return usageError(`there is no command '${word}'`, hint);
}

/** yargs' complaint in our form, with the near miss. */
function asUsageError(
  error: Error,
  parser: Argv,
  argv: readonly string[],
  commands: readonly LoadedCommand[],
): CommandError {
  const word = argv.find((argument) => !argument.startsWith('-'));
  const known = commands.find(({ name }) => name === word);
  if (!known && word !== undefined) return noCommand(word, commands);
  const message =
    notAChoice(error.message, known?.command) ??
    missing(error.message, known?.command) ??
    lowerFirst(error.message);
  const seeHelp = known ? `see 'vmc ${known.name} --help'` : "'vmc --help' lists the commands";
  return usageError(message, optionMeant(message, parser, argv) ?? seeHelp);
}

/** Of a command line with too few words, which are missing; null for any other complaint. */
function missing(message: string, command: AnyCommand | undefined): string | null {
  const [, given] = /^Not enough non-option arguments: got (\d+)/.exec(message) ?? [];
  if (given === undefined || command === undefined) return null;
  const required = positionalsOf(command.usage).filter((one) => one.required);
  const names = required.slice(Number(given)).map(({ name, list }) => (list ? `<${name}..>` : `<${name}>`));
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} missing`;
}

/** Of a value that is none of those allowed, what they are; null for any other complaint. */
function notAChoice(message: string, command: AnyCommand | undefined): string | null {
  const [, name, given, choices] = /Argument: ([\w-]+), Given: (.*), Choices: (.*)/.exec(message) ?? [];
  if (name === undefined || given === undefined || choices === undefined) return null;
  const label = command && Object.hasOwn(command.positionals, name) ? `<${name}>` : `--${name}`;
  return `${label} is one of ${choices}, not ${given}`.replaceAll('"', "'");
}

function optionMeant(message: string, parser: Argv, argv: readonly string[]): string | null {
  const [, unknown] = /^unknown arguments?: ([^,]+)/.exec(message) ?? [];
  if (unknown === undefined || !argv.some((argument) => argument.startsWith(`--${unknown}`))) return null;
  const meant = nearest(unknown, knownOptions(parser));
  return meant ? `did you mean '--${meant}'?` : null;
}

/** yargs has this method, its types do not. */
function knownOptions(parser: Argv): string[] {
  const { key } = (parser as unknown as { getOptions(): { key: Record<string, unknown> } }).getOptions();
  return Object.keys(key);
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
