import type { Command, CommandResult, Context } from '../command.js';
import { usageError } from '../command-error.js';
import { diagnosticPage } from '../diagnostic-page.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & {
  readonly live: boolean | undefined;
  readonly what: string;
  readonly subject: string | undefined;
  readonly host: string | undefined;
  readonly at: string | undefined;
  readonly given: readonly string[];
};

/**
 * `vmc explain CODE`: the page docs/errors/CODE.md. `vmc explain FILE SUBJECT`: why a subject gets what it
 * gets.
 */
export const explainCommand: Command<Arguments> = {
  usage: 'explain <what> [subject]',
  describe:
    'The page of a diagnostic: what it means, an example, how to put it right. Or why a class, a union, guests, ' +
    'others, owner or an offer of a policy gets what it gets, from the sentences to the numbers. Or, with --live, why a ' +
    'guest, a class or the mode of the running daemon is in its state, and what would change it.',
  positionals: {
    what: { describe: "a code as in a message (VMC2001), a policy ('-': stdin), or with --live the subject" },
    subject: { describe: 'whom to explain, with a policy' },
  },
  options: {
    live: { type: 'boolean', describe: 'of the running daemon' },
    ...SOCKET_OPTION,
    host: { type: 'string', describe: 'host facts (vmc facts --format json)' },
    at: { type: 'string', describe: "only at this time in the host's zone: '2026-11-23 10:00'" },
    given: {
      type: 'string',
      repeatable: true,
      describe: "only under this fact, as in tests: 'owner.demand = 80%'",
    },
  },
  examples: [
    ['$0 explain VMC2001', 'what the code in a message stands for'],
    ['$0 explain lab.vmc students', 'every way in which a class is treated, and why'],
    ['$0 explain --live build-1', 'why a running guest is in its state, and what would change it'],
    ["$0 explain lab.vmc students --at '2026-11-23 09:00' --given 'price = 42'", 'why just then'],
  ],
  run: async (args, context) => {
    if (args.live) return explainRunning(args, context);
    return args.subject === undefined ? explainCode(args) : explainSubject(args, context);
  },
};

async function explainRunning(
  { what, subject, host, at, given, socket }: Arguments,
  context: Context,
): Promise<CommandResult> {
  if (subject !== undefined || host !== undefined || at !== undefined || given.length > 0)
    throw usageError('--live takes one subject and nothing else', 'vmc explain --live SUBJECT');
  const { explainSubjectLive } = await import('../explain-live.js');
  return explainSubjectLive(what, socket, context);
}

async function explainCode({ what, host, at, given }: Arguments): Promise<CommandResult> {
  if (what === '-' || what.endsWith('.vmc') || host !== undefined || at !== undefined || given.length > 0) {
    throw usageError(`whom in ${what}?`, "name a class, a union, 'guests', 'others', 'owner' or an offer");
  }
  return diagnosticPage(what);
}

async function explainSubject(
  { what, subject = '', host, at, given }: Arguments,
  context: Context,
): Promise<CommandResult> {
  const { explainInFile } = await import('../explain-in-file.js');
  return explainInFile({ file: what, host, subject, at: at ?? null, given }, context);
}
