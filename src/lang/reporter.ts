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

  constructor(source: Source) {
    this.source = source;
    this.#lines = new LineIndex(source.text);
  }

  add(diagnostic: CatalogueDiagnostic): void {
    if (diagnostic.code < 'VMC2' || !this.#doubtful.has(diagnostic.range.end.offset)) {
      this.diagnostics.push(diagnostic);
    }
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

  hasErrors(): boolean {
    return this.diagnostics.some(({ severity }) => severity === 'error');
  }

  /** In the order of the text. */
  sorted(): readonly CatalogueDiagnostic[] {
    return [...this.diagnostics].sort((a, b) => a.range.start.offset - b.range.start.offset);
  }
}

const PIECE = /("(?:[^"\\\n]|\\.)*")|#[^\n]*|[ \t\r\n]+/g;

function foldWhiteSpace(text: string): string {
  return text
    .replace(PIECE, (_, quoted: string | undefined) => quoted ?? ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
