import { importReader } from '../../api/read-import.js';
import { type HostFacts, testPolicy } from '../../compiler/index.js';
import type { ImportReader } from '../../lang/index.js';
import type { Command, CommandResult, Context } from '../command.js';
import { usageError } from '../command-error.js';
import { ExitCode } from '../exit-code.js';
import { exitCodeOf } from '../exit-code-of.js';
import { hostFacts } from '../host-facts.js';
import { readPolicy } from '../read-policy.js';
import { renderDiagnostics } from '../render/diagnostics.js';
import { renderTests } from '../render/tests.js';
import { policyErrors, problemsOf, type TestedFile, testsDocument } from '../test-report.js';

interface Arguments {
  readonly files: readonly string[];
  readonly host: string | undefined;
  readonly coverage: boolean;
  readonly watch: boolean;
}

/** `vmc test FILE…`: the tests in policies. */
export const testCommand: Command<Arguments> = {
  usage: 'test <files..>',
  describe: 'Run the tests in policies: what they expect, what it is instead, and which sentences decide it.',
  positionals: { files: { describe: "policies with test blocks; '-': stdin" } },
  options: {
    host: { type: 'string', describe: 'host facts (vmc facts --format json)' },
    coverage: {
      type: 'boolean',
      default: false,
      describe: 'how many tests activate each sentence, and untested modes',
    },
    watch: { type: 'boolean', default: false, describe: 'run them again at every change, until ^C' },
  },
  examples: [
    ['$0 test examples/policies/*.vmc', 'exit code 1 when a test fails'],
    ['$0 test --watch lab.vmc', 'while writing a policy'],
  ],
  run: async (args, context) => {
    if (args.watch) return watch(args, context);
    const facts = await hostFacts(args.host, context);
    const tested = args.files.map((file) => testFile(file, facts));
    return resultOf(tested, args, context);
  },
};

/** `reading` is told of each file that it imports before that is read. */
function testFile(file: string, facts: HostFacts, reading: (file: string) => void = () => {}): TestedFile {
  const read = importReader(file);
  const readImport: ImportReader = (imported) => {
    reading(imported);
    return read(imported);
  };
  return { file, ...testPolicy(readPolicy(file), facts, { readImport }) };
}

function resultOf(tested: readonly TestedFile[], { coverage }: Arguments, context: Context): CommandResult {
  const { quiet, colors, errorColors } = context;
  const errors = tested.flatMap(({ diagnostics }) => policyErrors(diagnostics));
  const sources = tested.flatMap(({ files }) => files);
  return {
    exitCode: exitCodeOf(problemsOf(tested)),
    json: testsDocument(tested),
    complaints: renderDiagnostics(errors, sources, errorColors.enabled),
    text: renderTests(tested, { colors, coverage, quiet }),
  };
}

async function watch(args: Arguments, context: Context): Promise<CommandResult> {
  if (context.format === 'json') throw usageError('--watch has no JSON form', 'leave out one of the two');
  if (args.files.includes('-')) throw usageError('stdin cannot be watched', 'name a file');
  const { watchRuns } = await import('../watch-runs.js');
  const facts = await hostFacts(args.host, context);
  await watchRuns(args.files, context, (watchToo) => {
    const tested = args.files.map((file) => testFile(file, facts, watchToo));
    return resultOf(tested, args, context);
  });
  return { exitCode: ExitCode.done };
}
