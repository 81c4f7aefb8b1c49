import { catalogue } from './catalogue.js';
import type { CatalogueDiagnostic, DiagnosticPlace } from './catalogue-entry.js';
import type { Diagnostic, Fix, RelatedPlace, TextEdit } from './diagnostic.js';
import type { Source } from './source.js';
import { SourceMap } from './source-map.js';
import type { Span } from './tree.js';

/**
 * Collects the diagnostics of a policy and turns its spans into places. Each file is read with a reporter of its own;
 * the root's then takes in those of the files that it imports ({@link include}).
 */
export class Reporter {
  /** The file that it was made for: of a policy of several files, the root. */
  readonly source: Source;
  readonly diagnostics: CatalogueDiagnostic[] = [];
  readonly #map: SourceMap;
  readonly #doubtful = new Set<number>();
  #hasErrors = false;
  #firstDropped: CatalogueDiagnostic | null = null;

  constructor(source: Source) {
    this.source = source;
    this.#map = new SourceMap([source]);
  }

  add(diagnostic: CatalogueDiagnostic): void {
    if (diagnostic.code >= 'VMC2' && this.#isDoubtful(diagnostic)) return;
    this.#keep(diagnostic);
  }

  #keep(diagnostic: CatalogueDiagnostic): void {
    if (diagnostic.severity === 'error') this.#hasErrors = true;
    if (this.diagnostics.length < MAX_DIAGNOSTICS) this.diagnostics.push(diagnostic);
    else this.#firstDropped ??= diagnostic;
  }

  /** What ends at `offset` has a mistake of its own: what its meaning would be wrong about is not told as well. */
  doubt(offset: number): void {
    this.#doubtful.add(offset);
  }

  #isDoubtful({ file, range }: CatalogueDiagnostic): boolean {
    if (this.#doubtful.size === 0) return false;
    return this.#doubtful.has((this.#map.baseOf(file) ?? 0) + range.end.offset);
  }

  /** Takes in what was found in another file; answers the base of that file's spans from now on. */
  include(file: Reporter): number {
    const base = this.#map.add(file.source);
    for (const diagnostic of file.diagnostics) this.#keep(diagnostic);
    if (file.#firstDropped !== null) this.#keep(file.#firstDropped);
    for (const offset of file.#doubtful) this.#doubtful.add(base + offset);
    return base;
  }

  /** Takes over what another reporter of the same file found. */
  take(other: Reporter): void {
    for (const diagnostic of other.diagnostics) this.#keep(diagnostic);
    if (other.#firstDropped !== null) this.#keep(other.#firstDropped);
    for (const offset of other.#doubtful) this.#doubtful.add(offset);
  }

  place(span: Span): DiagnosticPlace {
    return this.#map.place(span);
  }

  related(span: Span, message: string): RelatedPlace {
    return { message, ...this.place(span) };
  }

  /** A fix that writes `text` in the place of `span`; its title says so where none is given. */
  replacement(span: Span, text: string, title?: string): Fix {
    return { title: title ?? replacementTitle(this.textOf(span), text), edits: [this.edit(span, text)] };
  }

  edit(span: Span, text: string): TextEdit {
    return { ...this.place(span), text };
  }

  /** The text of a span on one line: comments dropped, white space folded. */
  textOf(span: Span): string {
    return foldWhiteSpace(this.writtenText(span));
  }

  /** The text of a span, as it stands in its file. */
  writtenText(span: Span): string {
    return this.#map.textOf(span);
  }

  /** The root first, then the others as they were included. */
  files(): readonly Source[] {
    return this.#map.files();
  }

  /** Further diagnostics are counted only. */
  isFull(): boolean {
    return this.diagnostics.length >= MAX_DIAGNOSTICS;
  }

  hasErrors(): boolean {
    return this.#hasErrors;
  }

  /** Whether an error was reported inside of the span: what seems to be missing there may be what it is about. */
  hasErrorsWithin(span: Span): boolean {
    const { file, range } = this.place(span);
    return this.diagnostics.some(
      (known) =>
        known.severity === 'error' &&
        known.file === file &&
        known.range.start.offset >= range.start.offset &&
        known.range.end.offset <= range.end.offset,
    );
  }

  /** In the order of the text; where there were too many, that is said last. */
  sorted(): readonly CatalogueDiagnostic[] {
    const sorted = inTextOrder(this.diagnostics, this.files());
    if (this.#firstDropped === null) return sorted;
    return [...sorted, catalogue.tooMany.at(this.#firstDropped, { limit: MAX_DIAGNOSTICS })];
  }
}

/** Diagnostics file by file, within each in the order of the text. */
export function inTextOrder<D extends Diagnostic>(
  diagnostics: readonly D[],
  files: readonly Source[],
): readonly D[] {
  const order = new Map(files.map(({ file }, index) => [file, index]));
  const fileOf = ({ file }: D): number => order.get(file) ?? files.length;
  return [...diagnostics].sort(
    (a, b) => fileOf(a) - fileOf(b) || a.range.start.offset - b.range.start.offset,
  );
}

/** Nobody reads more, and a file can hold a hundred thousand mistakes. */
const MAX_DIAGNOSTICS = 100;

function replacementTitle(from: string, to: string): string {
  if (to === '') return `Remove \`${from}\``;
  return from === '' ? `Insert \`${to.trim()}\`` : `Replace \`${from}\` by \`${to}\``;
}

const PIECE = /("(?:[^"\\\n]|\\.)*")|#[^\n]*|[ \t\r\n]+/g;

function foldWhiteSpace(text: string): string {
  return text
    .replace(PIECE, (_, quoted: string | undefined) => quoted ?? ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
