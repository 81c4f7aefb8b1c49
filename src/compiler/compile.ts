import type { Diagnostic } from '../lang/diagnostic.js';
import { analyse } from '../lang/index.js';
import type { Source } from '../lang/source.js';
import { type CompileOptions, type CompileResult, compileModel } from './compile-model.js';
import type { HostFacts } from './facts.js';
import { sha256 } from './sha256.js';

/**
 * Compiles a policy for a host: pure, exact, deterministic; runs in a browser. `plan` is null when there are errors;
 * diagnostics come in the order of the text.
 */
export function compile(
  source: Source,
  facts: HostFacts,
  options: Omit<CompileOptions, 'digest'> = {},
): CompileResult {
  const { model, diagnostics } = analyse(source);
  if (model === null) return { plan: null, diagnostics };
  const compiled = compileModel(model, facts, { ...options, digest: sha256(source.text) });
  return { plan: compiled.plan, diagnostics: inTextOrder([...diagnostics, ...compiled.diagnostics]) };
}

function inTextOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.range.start.offset - b.range.start.offset);
}
