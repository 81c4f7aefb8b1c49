import type { CatalogueDiagnostic } from './catalogue-entry.js';
import { runChecks } from './checks/all-checks.js';
import { Definitions } from './definitions.js';
import { type ImportReader, readWithImports } from './imports.js';
import type { Model } from './model.js';
import { type ParsesInto, parseInto } from './parse.js';
import { Reporter } from './reporter.js';
import { Scope } from './scope.js';
import type { Source } from './source.js';
import { toModel } from './to-model.js';
import type { Policy } from './tree.js';

export interface AnalyseOptions {
  /** Without it, a policy that imports anything has an error that says so. */
  readonly readImport?: ImportReader;
  /** How each file is parsed: from scratch unless given. */
  readonly parse?: ParsesInto;
}

export interface Analysis {
  /** Null when there are errors; warnings and advice leave it. */
  readonly model: Model | null;
  /** File by file, as in `files`, within each in the order of the text. */
  readonly diagnostics: readonly CatalogueDiagnostic[];
  /** All files that were read: the root first. */
  readonly files: readonly Source[];
  /**
   * The sentences of all files, imported ones before those of the file that imports them. A `SourceMap` of `files` says
   * where its spans are; those of the root are offsets in its text.
   */
  readonly tree: Policy;
}

/** What is said of a policy, without its model. */
export type CheckedPolicy = Omit<Analysis, 'model'>;

/** Reads a policy with all that it imports, and checks what can be checked without knowing the host. */
export function analyse(source: Source, options: AnalyseOptions = {}): Analysis {
  const { reporter, tree, scope } = readAndCheck(source, options);
  const model = reporter.hasErrors() ? null : toModel(tree, scope, reporter);
  return { model, diagnostics: reporter.sorted(), files: reporter.files(), tree };
}

/** {@link analyse} for those who only want to know what is wrong. */
export function checkPolicy(source: Source, options: AnalyseOptions = {}): CheckedPolicy {
  const { reporter, tree } = readAndCheck(source, options);
  return { diagnostics: reporter.sorted(), files: reporter.files(), tree };
}

function readAndCheck(source: Source, { readImport, parse = parseInto }: AnalyseOptions) {
  const reporter = new Reporter(source);
  const tree = readWithImports(reporter, readImport ?? null, parse);
  const scope = new Scope(tree);
  runChecks({ policy: tree, scope, definitions: new Definitions(tree, scope), reporter });
  return { reporter, tree, scope };
}
