import { verifyPlan } from '../../compiler/index.js';
import type { Command } from '../command.js';
import { ExitCode } from '../exit-code.js';
import { readPlan } from '../read-plan.js';
import { count } from '../render/count.js';

/** `vmc verify PLAN`: the certificate, checked by code that shares nothing with the compiler. */
export const verifyCommand: Command<{ plan: string }> = {
  usage: 'verify <plan>',
  describe: 'Re-check the certificate of a plan, with code that shares nothing with the compiler.',
  positionals: { plan: { describe: 'as written by vmc compile -o' } },
  options: {},
  examples: [['$0 verify plan.json', 'whether it proves what it promises']],
  run: async ({ plan: file }) => {
    const plan = readPlan(file, ExitCode.policyErrors);
    const problems = verifyPlan(plan);
    const failed = problems.length > 0;
    return {
      exitCode: failed ? ExitCode.policyErrors : ExitCode.done,
      json: { verified: !failed, problems },
      complaints: problems.map((problem) => `${file}: ${problem}`).join('\n'),
      text: failed ? '' : `${file}: ${count(plan.schedules.length, 'schedule')}, every promise proved`,
    };
  },
};
