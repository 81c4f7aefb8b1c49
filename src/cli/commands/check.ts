import { readImport } from '../../api/read-import.js';
import { analyse } from '../../lang/index.js';
import type { Command } from '../command.js';
import { ExitCode } from '../exit-code.js';
import { readPolicy } from '../read-policy.js';
import { count } from '../render/count.js';
import { renderDiagnostics } from '../render/diagnostics.js';

/** `vmc check FILE…`: what can be said of policies without a host, each on its own. */
export const checkCommand: Command<{ files: string[] }> = {
  usage: 'check <files..>',
  describe: 'Report what is wrong with policies, each file on its own.',
  positionals: { files: { describe: "policies; '-': stdin" } },
  options: {},
  examples: [['$0 check examples/policies/*.vmc', 'everything that needs no host facts']],
  run: async ({ files }, { quiet, errorColors }) => {
    const analyses = files.map((file) => analyse(readPolicy(file), { readImport }));
    const diagnostics = analyses.flatMap((one) => one.diagnostics);
    const sources = analyses.flatMap((one) => one.files);
    const failed = diagnostics.some(({ severity }) => severity === 'error');
    return {
      exitCode: failed ? ExitCode.policyErrors : ExitCode.done,
      json: { diagnostics },
      complaints: renderDiagnostics(diagnostics, sources, errorColors.enabled),
      text: failed || quiet ? '' : `${count(files.length, 'policy file')} without errors`,
    };
  },
};
