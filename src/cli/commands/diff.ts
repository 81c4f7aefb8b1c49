import { importReader } from '../../api/read-import.js';
import { diffPolicies } from '../../compiler/index.js';
import type { Command } from '../command.js';
import { exitCodeOf } from '../exit-code-of.js';
import { hostFacts } from '../host-facts.js';
import { policyDiffDocument } from '../policy-diff-document.js';
import { readPolicy } from '../read-policy.js';
import { renderDiagnostics } from '../render/diagnostics.js';
import { renderPolicyDiff } from '../render/policy-diff.js';

interface Arguments {
  readonly old: string;
  readonly new: string;
  readonly host: string | undefined;
}

const WIDTH = 100;

/** `vmc diff OLD NEW`: what changes for whom, mode by mode. */
export const diffCommand: Command<Arguments> = {
  usage: 'diff <old> <new>',
  describe: 'What changes for whom between two policies on a host, in all modes that can occur.',
  positionals: {
    old: { describe: "a policy; '-': stdin" },
    new: { describe: 'the policy that is to take its place' },
  },
  options: {
    host: { type: 'string', describe: 'host facts (vmc facts --format json)' },
  },
  examples: [
    ['$0 diff lab.vmc lab-next.vmc', 'before a policy goes into force'],
    ['git show HEAD:lab.vmc | $0 diff - lab.vmc', 'what an edit changes'],
  ],
  run: async ({ old, new: now, host }, context) => {
    const { quiet, colors, errorColors, stdout } = context;
    const facts = await hostFacts(host, context);
    const policy = (file: string) => ({ source: readPolicy(file), readImport: importReader(file) });
    const compared = diffPolicies(policy(old), policy(now), facts);
    const { diff, diagnostics, files } = compared;
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const width = Math.min(stdout.columns ?? WIDTH, WIDTH);
    return {
      exitCode: exitCodeOf(diagnostics),
      json: policyDiffDocument(compared),
      complaints: renderDiagnostics(errors, files, errorColors.enabled),
      text: diff === null || (quiet && diff.equal) ? '' : renderPolicyDiff(diff, { colors, width }),
    };
  },
};
