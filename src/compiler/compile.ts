import { type Analysis, analyse, type ImportReader, inTextOrder } from '../lang/index.js';
import type { Source } from '../lang/source.js';
import { type CompileOptions, type CompileResult, compileModel } from './compile-model.js';
import type { HostFacts } from './facts.js';
import { sha256 } from './sha256.js';

export interface CompilePolicyOptions extends Omit<CompileOptions, 'digest'> {
  /** Reads imported files. Without it, a policy that imports anything has an error that says so. */
  readonly readImport?: ImportReader;
}

export interface CompiledPolicy extends CompileResult {
  /** All files that were read: the root first. */
  readonly files: readonly Source[];
}

/**
 * Compiles a policy, with all that it imports, for a host: pure but for `readImport`, exact, deterministic; runs in a
 * browser. `plan` is null when there are errors; diagnostics come file by file, in the order of the text.
 */
export function compile(
  source: Source,
  facts: HostFacts,
  { readImport, ...options }: CompilePolicyOptions = {},
): CompiledPolicy {
  const analysis = analyse(source, readImport ? { readImport } : {});
  const { model, diagnostics, files } = analysis;
  if (model === null) return { plan: null, diagnostics, files };
  const compiled = compileModel(model, facts, { ...options, digest: digestOf(analysis) });
  return {
    plan: compiled.plan,
    diagnostics: inTextOrder([...diagnostics, ...compiled.diagnostics], files),
    files,
  };
}

/** Of the text; of a policy in several files, of their digests line by line. */
function digestOf({ files }: Analysis): string {
  const [first = '', ...others] = files.map(({ text }) => sha256(text));
  return others.length === 0 ? first : sha256([first, ...others].join('\n'));
}
