import type { Diagnostic } from '../../lang/diagnostic.js';
import { analyse, type ImportReader, inTextOrder } from '../../lang/index.js';
import type { Source } from '../../lang/source.js';
import { compileModel } from '../compile-model.js';
import type { HostFacts } from '../facts.js';
import { runTests, type TestRun } from './run-tests.js';

export interface TestedPolicy {
  /** Null: the policy has errors that leave nothing to test. */
  readonly run: TestRun | null;
  /** Errors and warnings of the policy itself, assertions included: file by file, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** All files that were read: the root first. */
  readonly files: readonly Source[];
}

/**
 * Compiles a policy for a host and runs its tests there: pure but for `readImport`. Tests are run as well where the
 * compiler has errors, but not where the text has.
 */
export function testPolicy(
  source: Source,
  facts: HostFacts,
  { readImport }: { readonly readImport?: ImportReader } = {},
): TestedPolicy {
  const { model, diagnostics, files } = analyse(source, readImport ? { readImport } : {});
  if (model === null) return { run: null, diagnostics, files };
  const compiled = compileModel(model, facts);
  return {
    run: runTests(model, facts),
    diagnostics: inTextOrder([...diagnostics, ...compiled.diagnostics], files),
    files,
  };
}
