import { writeFileSync } from 'node:fs';
import { importReader } from '../../api/read-import.js';
import { compile, type Plan, renderPlan, serialisePlan } from '../../compiler/index.js';
import type { Command } from '../command.js';
import { refusal } from '../command-error.js';
import { exitCodeOf } from '../exit-code-of.js';
import { hostFacts } from '../host-facts.js';
import { readPolicy } from '../read-policy.js';
import { renderDiagnostics } from '../render/diagnostics.js';
import { reasonOf } from '../system-reason.js';

interface Arguments {
  readonly policy: string;
  readonly host: string | undefined;
  readonly output: string | undefined;
}

/** Columns, on wider terminals too. */
const WIDTH = 100;

/** `vmc compile FILE`: policy → plan. */
export const compileCommand: Command<Arguments> = {
  usage: 'compile <policy>',
  describe: 'Turn a policy into a plan for this machine, or for the one whose facts are given; with proofs.',
  positionals: { policy: { describe: "a policy; '-': stdin" } },
  options: {
    host: { type: 'string', describe: 'host facts (vmc facts --format json)' },
    output: { type: 'string', alias: 'o', describe: 'write the plan there, as JSON' },
  },
  examples: [
    ['$0 compile examples/policies/demo.vmc', 'modes, mechanisms, proofs and slack'],
    ['$0 compile lab.vmc --host lab.json -o plan.json', 'for another machine'],
  ],
  run: async ({ policy, host, output }, context) => {
    const { quiet, errorColors, stdout } = context;
    const facts = await hostFacts(host, context);
    const source = readPolicy(policy);
    const { plan, diagnostics, files } = compile(source, facts, { readImport: importReader(policy) });
    if (plan && output !== undefined) writePlan(plan, output);
    const width = Math.min(stdout.columns ?? WIDTH, WIDTH);
    return {
      exitCode: exitCodeOf(diagnostics),
      json: { ...(plan && { plan }), diagnostics },
      complaints: renderDiagnostics(diagnostics, files, errorColors.enabled),
      text: plan && !(quiet && output !== undefined) ? renderPlan(plan, { width }).trimEnd() : '',
    };
  },
};

/** `-o` writes the plan alone, byte for byte the same for the same input. */
function writePlan(plan: Plan, file: string): void {
  try {
    writeFileSync(file, serialisePlan(plan));
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException;
    throw refusal(code, `cannot write ${file}: ${reasonOf({ message })}`);
  }
}
