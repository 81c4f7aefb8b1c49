import { type Diagnostic, format, type Source } from '../../lang/index.js';
import type { Command, CommandResult, Context, OutputStream } from '../command.js';
import { ExitCode } from '../exit-code.js';
import { readPolicy } from '../read-policy.js';
import { renderDiagnostics } from '../render/diagnostics.js';
import { replaceFile } from '../replace-file.js';

interface Arguments {
  readonly files: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
}

/** A file, and the text that it should have: null where it has syntax errors. */
interface LaidOut {
  readonly source: Source;
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

const STDIN = '-';

/** `vmc fmt FILE…`: the canonical layout, in place. All files are read before one is written. */
export const fmtCommand: Command<Arguments> = {
  usage: 'fmt <files..>',
  describe: 'Lay policies out in the canonical way, in place. Comments and grouping by blank lines stay.',
  positionals: { files: { describe: "policies; '-': stdin, to stdout" } },
  options: {
    check: { type: 'boolean', default: false, describe: 'write nothing, list the files that would change' },
    diff: { type: 'boolean', default: false, describe: 'write nothing, show what would change' },
  },
  examples: [
    ['$0 fmt examples/policies/*.vmc', 'in place'],
    ['$0 fmt --check *.vmc', 'exit code 1 when a file is not laid out so'],
  ],
  run: async ({ files, check, diff }, context) => {
    const all = files.map(readPolicy).map(layOut);
    const diagnostics = all.flatMap((each) => each.diagnostics);
    const sources = all.map(({ source }) => source);
    const result = {
      exitCode: diagnostics.length > 0 ? ExitCode.policyErrors : ExitCode.done,
      complaints: renderDiagnostics(diagnostics, sources, context.errorColors.enabled),
    };
    if (!check && !diff) {
      for (const each of all) writeBack(each);
      return { ...result, json: { files: all.map(describeWritten), diagnostics }, ...told(all, context) };
    }
    const exitCode = all.some(isChanged) ? ExitCode.policyErrors : result.exitCode;
    const { json, ...shown } = diff ? await differences(all, context) : listed(all);
    return { ...result, exitCode, json: { files: json, diagnostics }, ...shown };
  },
};

const layOut = (source: Source): LaidOut => ({ source, ...format(source) });

const isChanged = ({ source, text }: LaidOut): boolean => text !== null && text !== source.text;

function writeBack(each: LaidOut): void {
  const { source, text } = each;
  if (text !== null && isChanged(each) && source.file !== STDIN) replaceFile(source.file, text);
}

/** What stdin is laid out as, else the files that were written. */
function told(all: readonly LaidOut[], { quiet, stdout }: Context): Shown {
  const fromStdin = all.filter(({ source }) => source.file === STDIN);
  if (fromStdin.length > 0) return shown(fromStdin.map(({ text }) => text ?? '').join(''), stdout);
  const rewritten = all.filter(isChanged).map(({ source }) => `rewrote ${source.file}`);
  return { text: quiet ? '' : rewritten.join('\n') };
}

type Shown = Pick<CommandResult, 'text' | 'verbatim'>;

/** What programs read is theirs as it is; on a terminal nothing in it is obeyed. */
const shown = (text: string, { isTTY }: OutputStream): Shown =>
  isTTY === true ? { text: text.replace(/\n$/, '') } : { verbatim: text };

/** As schemas/format.schema.json has it. */
interface FileReport {
  readonly file: string;
  readonly status: 'unchanged' | 'changed' | 'rejected';
  readonly text?: string;
  readonly diff?: string;
}

function describe(each: LaidOut): FileReport {
  const status = each.text === null ? 'rejected' : isChanged(each) ? 'changed' : 'unchanged';
  return { file: each.source.file, status };
}

function describeWritten(each: LaidOut): FileReport {
  const isShown = each.source.file === STDIN && each.text !== null;
  return { ...describe(each), ...(isShown && { text: each.text }) };
}

interface Report extends Shown {
  readonly json: readonly FileReport[];
}

const listed = (all: readonly LaidOut[]): Report => ({
  json: all.map(describe),
  text: all
    .filter(isChanged)
    .map(({ source }) => source.file)
    .join('\n'),
});

async function differences(all: readonly LaidOut[], { colors, stdout }: Context): Promise<Report> {
  const { paintDiff, unifiedDiff } = await import('../render/unified-diff.js');
  const json = all.map((each) => ({
    ...describe(each),
    ...(each.text !== null && { diff: unifiedDiff(each.source.file, each.source.text, each.text) }),
  }));
  const diffs = json.map(({ diff = '' }) => diff).filter((diff) => diff !== '');
  if (colors.enabled || stdout.isTTY === true)
    return { json, text: diffs.map((diff) => paintDiff(diff, colors)).join('\n') };
  return { json, verbatim: diffs.map((diff) => `${diff}\n`).join('') };
}
