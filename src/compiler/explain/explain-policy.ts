import type { Diagnostic } from '../../lang/diagnostic.js';
import { analyse, type ImportReader, inTextOrder, type Model, type Source } from '../../lang/index.js';
import { compileModel } from '../compile-model.js';
import type { HostFacts } from '../facts.js';
import { type Explanation, explainModel } from './explain-model.js';
import { type GivenArguments, readGivenFacts } from './given-facts.js';
import { type ExplainedSubject, findSubject, subjectMeant, subjectsIn } from './subjects.js';

export interface ExplainRequest extends Partial<GivenArguments> {
  /** A class, a union, an offer, `guests`, `others` or `owner`. */
  readonly subject: string;
}

export type ExplainedPolicy = {
  /** Errors and warnings of the policy itself: file by file, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** All files that were read: the root first. */
  readonly files: readonly Source[];
} & (
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  /** No plan can be made of the policy, for its errors. */
  | { readonly kind: 'refused' }
  | {
      readonly kind: 'no-subject';
      readonly subjects: readonly ExplainedSubject[];
      readonly meant: string | null;
    }
  /** `--at` or `--given` is wrong: `mistakes` are in `sources`, the arguments. */
  | {
      readonly kind: 'wrong-arguments';
      readonly mistakes: readonly Diagnostic[];
      readonly sources: readonly Source[];
    }
  | { readonly kind: 'not-a-fact'; readonly name: string; readonly text: string }
  /** The clocks go forward over the time in the host's zone. */
  | { readonly kind: 'skipped-time' }
  /** No schedule keeps the policy under what is given. */
  | { readonly kind: 'no-schedule' }
);

/**
 * Why a subject of a policy gets what it gets on a host: in all situations, or in those under a time and
 * facts that are given. Pure but for `readImport`; exact; runs in a browser.
 */
export function explainPolicy(
  source: Source,
  facts: HostFacts,
  { subject: name, at = null, given = [] }: ExplainRequest,
  { readImport }: { readonly readImport?: ImportReader } = {},
): ExplainedPolicy {
  const options = readImport ? { readImport } : {};
  const analysis = analyse(source, options);
  const { model, files } = analysis;
  if (model === null) return { kind: 'refused', diagnostics: analysis.diagnostics, files };
  const subject = findSubject(name, model);
  if (subject === null) {
    const meant = subjectMeant(name, model);
    return { kind: 'no-subject', subjects: subjectsIn(model), meant, diagnostics: [], files };
  }
  const read =
    at === null && given.length === 0 ? null : readGivenFacts({ at, given }, source, model, options);
  if (read?.kind === 'wrong') {
    const { diagnostics: mistakes, sources } = read;
    return { kind: 'wrong-arguments', mistakes, sources, diagnostics: [], files };
  }
  if (read?.kind === 'not-a-fact') return { ...read, diagnostics: [], files };
  const diagnostics = diagnosticsOf(model, facts, analysis);
  const result = explainModel(subject, read?.model ?? model, facts, read?.test ?? null);
  if (result.ok) return { kind: 'explained', explanation: result.explanation, diagnostics, files };
  return { kind: result.reason, diagnostics, files };
}

function diagnosticsOf(
  model: Model,
  facts: HostFacts,
  { diagnostics, files }: Pick<ExplainedPolicy, 'diagnostics' | 'files'>,
): readonly Diagnostic[] {
  return inTextOrder([...diagnostics, ...compileModel(model, facts).diagnostics], files);
}
