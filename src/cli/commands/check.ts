import { importReader } from '../../api/read-import.js';
import { analyse } from '../../lang/index.js';
import type { Command } from '../command.js';
import { ExitCode } from '../exit-code.js';
import { readPolicy } from '../read-policy.js';
import { count } from '../render/count.js';
import { renderDiagnostics } from '../render/diagnostics.js';

/** `vmc check FILE…`: what can be said of policies without a host, each on its own. */
export const checkCommand: Command<{ files: string[] }> = {
  usage: 'check <files..>',
  describe: 'Report what is wrong with policies, each file on its own, with what it imports.',
  positionals: { files: { describe: "policies; '-': stdin" } },
  options: {},
  examples: [['$0 check examples/policies/*.vmc', 'everything that needs no host facts']],
  run: async ({ files }, { quiet, errorColors }) => {
    const analyses = files
      .map(readPolicy)
      .map((source) => analyse(source, { readImport: importReader(source.file) }));
    const diagnostics = analyses.flatMap((analysis) => analysis.diagnostics);
    const failed = diagnostics.some(({ severity }) => severity === 'error');
    return {
      exitCode: failed ? ExitCode.policyErrors : ExitCode.done,
      json: { diagnostics },
      complaints: renderDiagnostics(
        diagnostics,
        analyses.flatMap((analysis) => analysis.files),
        errorColors.enabled,
      ),
      text: failed || quiet ? '' : `${count(files.length, 'policy file')} without errors`,
    };
  },
};
