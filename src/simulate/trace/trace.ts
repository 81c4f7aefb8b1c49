/** Samples of some signals and demands at one step: what a replay reads. */
export interface Trace {
  /** Wall-clock time of the first place, ms since 1970; null: its times are only seconds from its start. */
  readonly startMs: number | null;
  readonly stepMs: number;
  /** Places of the grid. */
  readonly length: number;
  /** By canonical name (see `columns-of.ts`), a value a place; NaN: unknown. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** What a trace does wrong: where, what, and what to do about it. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  /** From 1; null: it concerns the whole file. */
  readonly line: number | null;
  readonly hint: string;

  constructor(line: number | null, message: string, hint: string) {
    super(message);
    this.line = line;
    this.hint = hint;
  }
}

/** More steps than that are no replay but a mistake: a second's step over four months. */
export const MOST_STEPS = 10_000_000;
