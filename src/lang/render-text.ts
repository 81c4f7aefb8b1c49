import type { Diagnostic } from './diagnostic.js';
import { type Annotation, excerpt } from './render/excerpt.js';
import { fixPreview } from './render/fix-preview.js';
import { type Paint, paintWith } from './render/palette.js';
import { visible } from './render/visible-text.js';
import type { Source } from './source.js';

export interface RenderOptions {
  /** ANSI colours, for a terminal. */
  readonly color: boolean;
}

/**
 * Diagnostics for people: message, place with the source lines and underlines, the other places that take part, file by
 * file, the hint, and the line as the fix would make it. `sources` are the texts that the diagnostics are about; a place
 * in any other is shown without its line. Ends in a newline unless there are no diagnostics.
 */
export function renderText(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  options: RenderOptions,
): string {
  const renderer = new Renderer(sources, paintWith(options.color));
  return diagnostics.map((diagnostic) => `${renderer.render(diagnostic)}\n`).join('\n');
}

/** Nobody reads more of one message: a name in it can be as long as a file. */
const MAX_MESSAGE = 1000;

class Renderer {
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #lines = new Map<string, readonly string[]>();
  readonly #paint: Paint;

  constructor(sources: readonly Source[], paint: Paint) {
    this.#sources = new Map(sources.map((source) => [source.file, source]));
    this.#paint = paint;
  }

  render(diagnostic: Diagnostic): string {
    const { code, severity, message, hint, fix } = diagnostic;
    const gutter = gutterOf(diagnostic);
    const head = this.#paint(`${severity}[${code}]`, severity);
    const helps = [
      ...(hint === undefined || isSaidByFix(hint, diagnostic) ? [] : [this.#note(hint, gutter)]),
      ...(fix === undefined ? [] : this.#fix(diagnostic, gutter)),
    ];
    return [
      `${head}${this.#paint(`: ${clipped(message)}`, 'strong')}`,
      ...filesOf(diagnostic).flatMap(([file, annotations]) =>
        this.#file(file, annotations, file === diagnostic.file, gutter),
      ),
      ...(helps.length === 0 ? [] : [this.#frame(gutter), ...helps]),
    ].join('\n');
  }

  /** The lines of one file: the one that the diagnostic is about comes first, and its place is where that is. */
  #file(
    file: string,
    annotations: readonly Annotation[],
    isFirst: boolean,
    gutter: number,
  ): readonly string[] {
    const margin = ' '.repeat(gutter);
    const [{ range, label } = { range: null, label: '' }] = annotations;
    const place = range === null ? '' : `:${range.start.line}:${range.start.column}`;
    const arrow = `${margin}${this.#paint(isFirst ? '-->' : ':::', 'frame')} ${visible(file)}${place}`;
    const lines = this.#linesOf(file);
    if (lines === null) return [label === '' ? arrow : `${arrow} ${visible(label)}`];
    return [arrow, this.#frame(gutter), ...excerpt(lines, annotations, gutter, this.#paint)];
  }

  #note(text: string, gutter: number): string {
    const label = this.#paint('help', 'strong');
    return `${' '.repeat(gutter)} ${this.#paint('=', 'frame')} ${label}: ${clipped(text)}`;
  }

  #fix({ fix, file }: Diagnostic, gutter: number): readonly string[] {
    if (fix === undefined) return [];
    const isHere = fix.edits.every((edit) => edit.file === file);
    const lines = isHere ? this.#linesOf(file) : null;
    const preview = lines === null ? [] : fixPreview(fix, lines, gutter, this.#paint);
    if (preview.length === 0) return [this.#note(fix.title, gutter)];
    return [`${this.#paint('help', 'strong')}: ${clipped(fix.title)}`, this.#frame(gutter), ...preview];
  }

  #frame(gutter: number): string {
    return `${' '.repeat(gutter)} ${this.#paint('|', 'frame')}`;
  }

  #linesOf(file: string): readonly string[] | null {
    const source = this.#sources.get(file);
    if (source === undefined) return null;
    const known = this.#lines.get(file);
    if (known !== undefined) return known;
    const lines = source.text.split('\n');
    this.#lines.set(file, lines);
    return lines;
  }
}

/** The width of the largest line number. */
function gutterOf({ range, related, fix }: Diagnostic): number {
  const ranges = [
    range,
    ...related.map((place) => place.range),
    ...(fix?.edits ?? []).map((edit) => edit.range),
  ];
  return String(Math.max(...ranges.map(({ end }) => end.line))).length;
}

/** Of each file what is to be shown, its first place first. */
function filesOf(diagnostic: Diagnostic): readonly (readonly [string, readonly Annotation[]])[] {
  const files = new Map<string, Annotation[]>();
  const add = (file: string, annotation: Annotation) =>
    files.set(file, [...(files.get(file) ?? []), annotation]);
  const { file, range, severity, related } = diagnostic;
  add(file, { range, sign: '^', style: severity, label: '' });
  for (const place of related) {
    add(place.file, { range: place.range, sign: '-', style: 'frame', label: place.message });
  }
  return [...files];
}

/** The fix shows what the hint asks for. */
function isSaidByFix(hint: string, { fix }: Diagnostic): boolean {
  const [edit, ...others] = fix?.edits ?? [];
  if (edit === undefined || others.length > 0) return false;
  return [`Did you mean \`${edit.text}\`?`, `Write \`${edit.text}\`.`].includes(hint);
}

function clipped(text: string): string {
  return visible(text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text);
}
