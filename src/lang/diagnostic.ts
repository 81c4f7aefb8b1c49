import type { Range } from './source.js';

export type Severity = 'error' | 'warning' | 'advice';

/** Another place that takes part in a diagnostic, and in what role. */
export interface RelatedPlace {
  readonly message: string;
  readonly file: string;
  readonly range: Range;
}

/** Replace `range` of `file` by `text`. */
export interface TextEdit {
  readonly file: string;
  readonly range: Range;
  readonly text: string;
}

/** A change that a machine may apply; its edits do not overlap. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** One mistake (or piece of advice), in the form of `--format json`: interfaces.md. */
export interface Diagnostic {
  /** `VMC1xxx` syntax, `2xxx` names, types, units, `3xxx` conflicts, `4xxx` feasibility, `5xxx` this host, `6xxx` advice. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly file: string;
  readonly range: Range;
  readonly related: readonly RelatedPlace[];
  readonly fix?: Fix;
}
