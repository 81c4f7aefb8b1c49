import type { Diagnostic, Severity } from './diagnostic.js';
import type { Range, Source } from './source.js';

export interface RenderOptions {
  /** ANSI colours, for a terminal. */
  readonly color: boolean;
}

const RESET = '\u001b[0m';
const BOLD = '\u001b[1m';
const BLUE = '\u001b[1;34m';
const SEVERITY_COLOURS: Readonly<Record<Severity, string>> = {
  error: '\u001b[1;31m',
  warning: '\u001b[1;33m',
  advice: '\u001b[1;36m',
};

/** Characters of a source line that are shown; longer lines are cut around the place. */
const MAX_LINE = 110;

/**
 * Diagnostics for people: message, place with the source line and an underline, the other places that take part,
 * the hint. `sources` are the texts that the diagnostics are about; a place in any other is shown without its line.
 * Ends in a newline unless there are no diagnostics.
 */
export function renderText(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  options: RenderOptions,
): string {
  const renderer = new Renderer(sources, options.color);
  return diagnostics.map((diagnostic) => `${renderer.render(diagnostic)}\n`).join('\n');
}

class Renderer {
  readonly #lines: ReadonlyMap<string, readonly string[]>;
  readonly #color: boolean;

  constructor(sources: readonly Source[], color: boolean) {
    this.#lines = new Map(sources.map(({ file, text }) => [file, text.split('\n')]));
    this.#color = color;
  }

  render(diagnostic: Diagnostic): string {
    const colour = SEVERITY_COLOURS[diagnostic.severity];
    const head = this.#paint(`${diagnostic.severity}[${diagnostic.code}]`, colour);
    const message = this.#paint(`: ${visible(diagnostic.message)}`, BOLD);
    const width = this.#gutterWidth(diagnostic);
    const parts = [
      `${head}${message}`,
      ...this.#excerpt(diagnostic.file, diagnostic.range, '^', colour, '', width),
      ...diagnostic.related.flatMap(({ file, range, message: role }) =>
        this.#excerpt(file, range, '-', BLUE, ` ${visible(role)}`, width),
      ),
    ];
    const note = (label: string, text: string) =>
      `${' '.repeat(width)} ${this.#paint('=', BLUE)} ${this.#paint(label, BOLD)}: ${visible(text)}`;
    if (diagnostic.hint !== undefined) parts.push(note('help', diagnostic.hint));
    if (diagnostic.fix !== undefined) parts.push(note('fix', diagnostic.fix.title));
    return parts.join('\n');
  }

  #gutterWidth(diagnostic: Diagnostic): number {
    const lines = [diagnostic, ...diagnostic.related].map(({ range }) => range.start.line);
    return String(Math.max(...lines)).length;
  }

  #excerpt(file: string, range: Range, mark: string, colour: string, role: string, width: number): string[] {
    const { line, column } = range.start;
    const margin = ' '.repeat(width);
    const bar = this.#paint('|', BLUE);
    const arrow = `${margin}${this.#paint('-->', BLUE)} ${visible(file)}:${line}:${column}`;
    const text = this.#lines.get(file)?.[line - 1]?.replace(/\r$/, '');
    if (text === undefined) return [`${arrow}${role}`];
    const { shown, start } = clip(text, column - 1);
    const end = range.end.line === line ? range.end.column - 1 - (column - 1 - start) : shown.length;
    const length = Math.max(1, Math.min(end, shown.length) - start);
    const underline = this.#paint(`${mark.repeat(length)}${role}`, colour);
    const number = this.#paint(String(line).padStart(width), BLUE);
    return [
      arrow,
      `${margin} ${bar}`,
      `${number} ${bar} ${visible(shown)}`,
      `${margin} ${bar} ${' '.repeat(start)}${underline}`,
    ];
  }

  #paint(text: string, colour: string): string {
    return this.#color ? `${colour}${text}${RESET}` : text;
  }
}

/** A window on a line that keeps the place in view. */
function clip(text: string, column: number): { readonly shown: string; readonly start: number } {
  if (text.length <= MAX_LINE) return { shown: text, start: column };
  const from = Math.max(0, Math.min(column - 40, text.length - MAX_LINE));
  return { shown: text.slice(from, from + MAX_LINE), start: column - from };
}

/** One column a character, and nothing that a terminal would obey: the text comes from a file of anyone's. */
function visible(text: string): string {
  return text.replace(/\t/g, ' ').replace(/\p{Cc}|\p{Cf}/gu, '\uFFFD');
}
