import type { CatalogueDiagnostic } from './catalogue-entry.js';
import { runChecks } from './checks/all-checks.js';
import { Definitions } from './definitions.js';
import type { Model } from './model.js';
import { parseInto } from './parse.js';
import { Reporter } from './reporter.js';
import { Scope } from './scope.js';
import type { Source } from './source.js';
import { toModel } from './to-model.js';

export interface Analysis {
  /** Null when there are errors; warnings and advice leave it. */
  readonly model: Model | null;
  /** In the order of the text. */
  readonly diagnostics: readonly CatalogueDiagnostic[];
}

/** Reads a policy and checks all that can be checked without knowing the host. */
export function analyse(source: Source): Analysis {
  const reporter = new Reporter(source);
  const policy = parseInto(reporter);
  const scope = new Scope(policy);
  runChecks({ policy, scope, definitions: new Definitions(policy, scope), reporter });
  const model = reporter.hasErrors() ? null : toModel(policy, scope, reporter);
  return { model, diagnostics: reporter.sorted() };
}
