import { InvalidPlanError, PLAN_LIMIT_BYTES, parsePlan } from '../../api/parse-plan.js';
import { type Plan, verifyPlan } from '../../compiler/index.js';
import type { Command } from '../command.js';
import { CommandError } from '../command-error.js';
import { ExitCode } from '../exit-code.js';
import { readOrRefuse } from '../read-policy.js';
import { count } from '../render/count.js';

/** `vmc verify PLAN`: the certificate, checked by code that shares nothing with the compiler. */
export const verifyCommand: Command<{ plan: string }> = {
  usage: 'verify <plan>',
  describe: 'Re-check the certificate of a plan, with code that shares nothing with the compiler.',
  positionals: { plan: { describe: 'as written by vmc compile -o' } },
  options: {},
  examples: [['$0 verify plan.json', 'whether it proves what it promises']],
  run: async ({ plan: file }) => {
    const plan = readPlan(file);
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

function readPlan(file: string): Plan {
  try {
    return parsePlan(readOrRefuse(file, PLAN_LIMIT_BYTES), file);
  } catch (error) {
    if (!(error instanceof InvalidPlanError)) throw error;
    throw new CommandError(ExitCode.policyErrors, 'PLAN', error.message, "'vmc compile -o' writes plans");
  }
}
