import { analyse, type ImportReader, inTextOrder } from '../lang/index.js';
import type { Source } from '../lang/source.js';
import { type CompileOptions, type CompileResult, compileModel } from './compile-model.js';
import type { HostFacts } from './facts.js';
import { policyDigest } from './policy-digest.js';

export interface CompilePolicyOptions extends Omit<CompileOptions, 'digest' | 'files'> {
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
  const { model, diagnostics, files } = analyse(source, readImport ? { readImport } : {});
  if (model === null) return { plan: null, diagnostics, files };
  const compiled = compileModel(model, facts, { ...options, digest: policyDigest(files), files });
  return {
    plan: compiled.plan,
    diagnostics: inTextOrder([...diagnostics, ...compiled.diagnostics], files),
    files,
  };
}
