import { catalogue } from './catalogue.js';
import type { CatalogueDiagnostic, DiagnosticPlace } from './catalogue-entry.js';
import type { RelatedPlace } from './diagnostic.js';
import { LineIndex } from './line-index.js';
import type { Source } from './source.js';
import type { Span } from './tree.js';

/** Collects the diagnostics of one source and turns its spans into places. */
export class Reporter {
  readonly source: Source;
  readonly diagnostics: CatalogueDiagnostic[] = [];
  readonly #lines: LineIndex;
  readonly #doubtful = new Set<number>();
  #hasErrors = false;
  #firstDropped: CatalogueDiagnostic | null = null;

  constructor(source: Source) {
    this.source = source;
    this.#lines = new LineIndex(source.text);
  }

  add(diagnostic: CatalogueDiagnostic): void {
    if (diagnostic.code >= 'VMC2' && this.#doubtful.has(diagnostic.range.end.offset)) return;
    if (diagnostic.severity === 'error') this.#hasErrors = true;
    if (this.diagnostics.length < MAX_DIAGNOSTICS) this.diagnostics.push(diagnostic);
    else this.#firstDropped ??= diagnostic;
  }

  /** What ends at `offset` has a mistake of its own: what its meaning would be wrong about is not told as well. */
  doubt(offset: number): void {
    this.#doubtful.add(offset);
  }

  place(span: Span): DiagnosticPlace {
    return { file: this.source.file, range: this.#lines.range(span) };
  }

  related(span: Span, message: string): RelatedPlace {
    return { message, ...this.place(span) };
  }

  /** The text of a span on one line: comments dropped, white space folded. */
  textOf(span: Span): string {
    return foldWhiteSpace(this.source.text.slice(span.start, span.end));
  }

  /** Further diagnostics are counted only. */
  isFull(): boolean {
    return this.diagnostics.length >= MAX_DIAGNOSTICS;
  }

  hasErrors(): boolean {
    return this.#hasErrors;
  }

  /** In the order of the text; where there were too many, that is said last. */
  sorted(): readonly CatalogueDiagnostic[] {
    const sorted = [...this.diagnostics].sort((a, b) => a.range.start.offset - b.range.start.offset);
    if (this.#firstDropped === null) return sorted;
    return [...sorted, catalogue.tooMany.at(this.#firstDropped, { limit: MAX_DIAGNOSTICS })];
  }
}

/** Nobody reads more, and a file can hold a hundred thousand mistakes. */
const MAX_DIAGNOSTICS = 100;

const PIECE = /("(?:[^"\\\n]|\\.)*")|#[^\n]*|[ \t\r\n]+/g;

function foldWhiteSpace(text: string): string {
  return text
    .replace(PIECE, (_, quoted: string | undefined) => quoted ?? ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
