import type { HostFacts } from '../../compiler/index.js';
import type { Command } from '../command.js';
import { readHostFacts } from '../read-host-facts.js';

interface Arguments {
  readonly host: string | undefined;
}

/** `vmc lsp`: the language server for editors, on standard input and output. */
export const lspCommand: Command<Arguments> = {
  usage: 'lsp',
  describe: 'The language server for editors, on standard input and output: docs/editors.md.',
  positionals: {},
  options: {
    host: { type: 'string', describe: 'compile for the host of these facts (vmc facts --format json)' },
    stdio: { type: 'boolean', describe: 'as it is anyway: many editors say so' },
    clientProcessId: { type: 'string', describe: 'ends when this process has' },
  },
  examples: [['$0 lsp', 'what an editor starts for policies']],
  run: async ({ host }) => {
    const [{ serve }, { packageVersion }] = await Promise.all([
      import('../../lsp/index.js'),
      import('../package-version.js'),
    ]);
    return serve({ name: 'vmc', version: packageVersion }, { readFacts, hostFacts: host ?? null });
  },
};

async function readFacts(file: string | null): Promise<HostFacts> {
  if (file !== null) return readHostFacts(file);
  const { linuxHostFacts } = await import('../../enforce/linux/host-facts.js');
  return linuxHostFacts();
}
