import type { Command } from '../command.js';
import { ExitCode } from '../exit-code.js';
import { renderFacts } from '../render/facts.js';
import { warningsOf } from '../warning.js';

/** `vmc facts`: the model of this host that verdicts are made against. */
export const factsCommand: Command<{ nominal: boolean }> = {
  usage: 'facts',
  describe: 'Host facts, as the compiler uses them; with --format json for compile --host.',
  positionals: {},
  options: {
    nominal: {
      type: 'boolean',
      default: false,
      describe: 'the deadline limit by the kernel’s settings, not measured',
    },
  },
  examples: [['$0 facts --format json > facts.json', 'to compile for this host elsewhere']],
  run: async ({ nominal }, context) => {
    const { linuxHostFacts, probedHostFacts } = await import('../../enforce/linux/host-facts.js');
    const warn = warningsOf(context);
    const facts = nominal ? linuxHostFacts(warn) : await probedHostFacts(warn);
    return { exitCode: ExitCode.done, json: facts, text: renderFacts(facts) };
  },
};
