import type { Diagnostic } from '../../lang/diagnostic.js';
import {
  type Analysis,
  analyse,
  type ImportReader,
  inTextOrder,
  type Model,
  type Place,
  type Source,
} from '../../lang/index.js';
import { conflicts } from '../catalogue.js';
import { compileModel } from '../compile-model.js';
import type { HostFacts } from '../facts.js';
import { MOST_MODES } from '../modes/modes.js';
import { diffModels, type PolicyDiff } from './diff-models.js';

/** A policy to compare, and who reads what it imports. */
export interface PolicySource {
  readonly source: Source;
  readonly readImport?: ImportReader;
}

export interface ComparedPolicies {
  /** Null where one of them has no plan, or both together too many modes. */
  readonly diff: PolicyDiff | null;
  /** Of the old policy, then of the new. */
  readonly diagnostics: readonly Diagnostic[];
  /** All files that were read. */
  readonly files: readonly Source[];
}

/**
 * What changes for whom between two policies on one host. Pure but for `readImport`; exact; runs in a
 * browser.
 */
export function diffPolicies(old: PolicySource, now: PolicySource, facts: HostFacts): ComparedPolicies {
  const [before, after] = [read(old), read(now)];
  const files = [...before.files, ...after.files];
  const diagnostics = [...diagnosticsOf(before, facts), ...diagnosticsOf(after, facts)];
  if (before.model === null || after.model === null) return { diff: null, diagnostics, files };
  const result = diffModels(before.model, after.model, facts);
  if (result.ok) return { diff: result.diff, diagnostics, files };
  if (result.reason === 'refused') return { diff: null, diagnostics, files };
  const { conditions } = result;
  const tooMany = conflicts.tooManyModes.at(placeIn(after.model), { most: MOST_MODES, conditions });
  return { diff: null, diagnostics: [...diagnostics, tooMany], files };
}

const read = ({ source, readImport }: PolicySource): Analysis =>
  analyse(source, readImport ? { readImport } : {});

function diagnosticsOf({ model, diagnostics, files }: Analysis, facts: HostFacts): readonly Diagnostic[] {
  if (model === null) return diagnostics;
  return inTextOrder([...diagnostics, ...compileModel(model, facts).diagnostics], files);
}

/** The first condition of a policy; else its start. */
function placeIn({ sentences, file }: Model): Place {
  const start = { line: 1, column: 1, offset: 0 };
  return sentences.flatMap(({ guards }) => guards)[0]?.place ?? { file, range: { start, end: start } };
}
