import type { Command, CommandResult, Context } from '../command.js';
import { usageError } from '../command-error.js';
import { diagnosticPage } from '../diagnostic-page.js';

interface Arguments {
  readonly what: string;
  readonly subject: string | undefined;
  readonly host: string | undefined;
  readonly at: string | undefined;
  readonly given: readonly string[];
}

/**
 * `vmc explain CODE`: the page docs/errors/CODE.md. `vmc explain FILE SUBJECT`: why a subject gets what it
 * gets.
 */
export const explainCommand: Command<Arguments> = {
  usage: 'explain <what> [subject]',
  describe:
    'The page of a diagnostic: what it means, an example, how to put it right. Or why a class, a union, guests, ' +
    'others, owner or an offer of a policy gets what it gets, from the sentences to the numbers.',
  positionals: {
    what: { describe: "a code as in a message (VMC2001), or a policy ('-': stdin)" },
    subject: { describe: 'whom to explain, with a policy' },
  },
  options: {
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
    ["$0 explain lab.vmc students --at '2026-11-23 09:00' --given 'price = 42'", 'why just then'],
  ],
  run: (args, context) => (args.subject === undefined ? explainCode(args) : explainSubject(args, context)),
};

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
