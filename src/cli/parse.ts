import type { AnyCommand } from './command.js';
import { COMMANDS, type CommandEntry } from './commands.js';
import type { GlobalArguments } from './global-options.js';
import { quickParse } from './quick-parse.js';
import type { LoadedCommand } from './yargs-parse.js';

/** What a command line comes to: a command to run, or a text that yargs answers itself (help, version, completion). */
export type Invocation =
  | { readonly kind: 'command'; readonly command: AnyCommand; readonly args: GlobalArguments }
  | { readonly kind: 'answer'; readonly text: string };

/**
 * Parses a command line. Only the module of the command that is named is loaded, and yargs only for what is not plain:
 * both cost start-up time. Rejects with a CommandError (exit code 3) for what is no command line of vmc.
 */
export async function parse(argv: readonly string[], columns: () => number): Promise<Invocation> {
  const [word, ...words] = argv;
  const named = COMMANDS.find(({ name }) => name === word);
  if (named) {
    const command = await named.load();
    const args = quickParse(words, command);
    if (args) return { kind: 'command', command, args };
  }
  const { yargsParse } = await import('./yargs-parse.js');
  return yargsParse(argv, await loadAll(named ? [named] : COMMANDS), columns());
}

const loadAll = (entries: readonly CommandEntry[]): Promise<LoadedCommand[]> =>
  Promise.all(entries.map(async ({ name, summary, load }) => ({ name, summary, command: await load() })));
