import { admissionDocument } from '../../api/admission-document.js';
import type { AdmissionDocument } from '../../api/admission-schema.js';
import { renderAnswer, verifyPlan } from '../../compiler/index.js';
import type { Command } from '../command.js';
import { CommandError, usageError } from '../command-error.js';
import { withDaemon } from '../daemon-client.js';
import { ExitCode } from '../exit-code.js';
import { readPlan } from '../read-plan.js';
import { readPolicy } from '../read-policy.js';
import { renderDiagnostics } from '../render/diagnostics.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & {
  readonly plan: string;
  readonly request: string | undefined;
  readonly live: boolean | undefined;
};

/** `vmc admit PLAN|--live REQUEST`: would this fit beside everything that is promised? */
export const admitCommand: Command<Arguments> = {
  usage: 'admit <plan> [request]',
  describe: 'Whether a request would fit beside everything that a plan holds; if not, what would.',
  positionals: {
    plan: { describe: 'as written by vmc compile -o; with --live the request instead' },
    request: { describe: "a class with what it is to get, or one offer; '-': stdin" },
  },
  options: {
    live: { type: 'boolean', describe: 'beside the plan that the daemon keeps' },
    ...SOCKET_OPTION,
  },
  examples: [
    ['$0 admit plan.json request.vmc', 'yes, and what it would get; or no, and the best that it could'],
    ['$0 admit --live request.vmc', 'on this machine, as it is lent now'],
  ],
  run: async ({ plan: first, request, live, socket }, { env, errorColors }) => {
    const { plan, file } = filesOf(first, request, live ?? false);
    const source = readPolicy(file);
    const document =
      plan === null
        ? await withDaemon({ socket, env }, (client) => client.admit(source.text))
        : admissionDocument(verified(plan), source);
    const { answer, problem, diagnostics } = document;
    // The daemon knows nothing of files.
    const own = diagnostics.map((one) => ({ ...one, file: source.file }));
    const shown = renderDiagnostics(own, [source], errorColors.enabled);
    return {
      exitCode: exitCodeFor(document),
      json: { ...document, diagnostics: own },
      complaints: [shown, ...(problem === null ? [] : [`${source.file}: ${problem}`])]
        .filter((text) => text !== '')
        .join('\n'),
      text: answer === null ? '' : renderAnswer(answer),
    };
  },
};

function filesOf(first: string, second: string | undefined, live: boolean) {
  if (live && second !== undefined)
    throw usageError('with --live there is no plan to name', 'vmc admit --live REQUEST');
  if (live) return { plan: null, file: first };
  if (second === undefined) throw usageError('a plan and a request are needed', 'vmc admit PLAN REQUEST');
  return { plan: first, file: second };
}

function verified(file: string) {
  const plan = readPlan(file, ExitCode.refused);
  const [problem] = verifyPlan(plan);
  if (problem === undefined) return plan;
  throw new CommandError(ExitCode.refused, 'PLAN', `${file} does not prove what it promises: ${problem}`);
}

function exitCodeFor({ answer }: AdmissionDocument): ExitCode {
  if (answer === null) return ExitCode.policyErrors;
  return answer.admitted ? ExitCode.done : ExitCode.infeasible;
}
