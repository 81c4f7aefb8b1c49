import type { DiagnosticPlace } from './catalogue-entry.js';
import { LineIndex } from './line-index.js';
import type { Source } from './source.js';
import type { Span } from './tree.js';

interface MappedFile {
  readonly source: Source;
  /** What an offset in this file is more than there. */
  readonly base: number;
  lines: LineIndex | null;
}

/**
 * The files of a policy, and which place in which of them a span is: the spans of a file begin at its base, behind all
 * of the file before it. The first file has base 0, so a policy of one file has spans that are offsets in its text.
 */
export class SourceMap {
  readonly #files: MappedFile[] = [];
  #end = 0;

  /** In the order in which an {@link Analysis} lists them. */
  constructor(files: readonly Source[]) {
    for (const file of files) this.add(file);
  }

  /** The base of the file. */
  add(source: Source): number {
    const base = this.#end;
    this.#files.push({ source, base, lines: null });
    // One more than its length, so that the end of a file is not the start of the next.
    this.#end = base + source.text.length + 1;
    return base;
  }

  files(): readonly Source[] {
    return this.#files.map(({ source }) => source);
  }

  /** Null for a name that is none of these files. */
  baseOf(file: string): number | null {
    return this.#files.find(({ source }) => source.file === file)?.base ?? null;
  }

  /** Offsets in a place are those in its file. */
  place(span: Span): DiagnosticPlace {
    const file = this.#fileAt(span.start);
    file.lines ??= new LineIndex(file.source.text);
    return { file: file.source.file, range: file.lines.range(shifted(span, -file.base)) };
  }

  /** The text of a span, as written. */
  textOf(span: Span): string {
    const { source, base } = this.#fileAt(span.start);
    return source.text.slice(span.start - base, span.end - base);
  }

  #fileAt(offset: number): MappedFile {
    let low = 0;
    let high = this.#files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#files[middle]?.base ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    // INVARIANT: spans come from files that were added.
    return this.#files[low]!;
  }
}

const shifted = ({ start, end }: Span, by: number): Span =>
  by === 0 ? { start, end } : { start: start + by, end: end + by };
