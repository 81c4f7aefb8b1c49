import { type Document, group, isBroken } from './document.js';
import type { Comment } from './gap.js';
import type { OutputLine } from './output-line.js';

/** A document still to be printed; a fill from its part `from` on. */
interface Pending {
  readonly document: Document;
  readonly indent: number;
  /** On one line: no `line` in it ends one. */
  readonly flat: boolean;
  readonly from: number;
}

/**
 * Lays a document out on lines of at most `width` columns (UTF-16 units), where it can be broken there;
 * comments at the ends of lines do not count. `indent` is that of the first line. Linear: what fits is looked
 * for in one line's width.
 */
export function printDocument(document: Document, indent: number, width: number): OutputLine[] {
  const printer = new Printer(indent, width);
  printer.print(document);
  return printer.lines;
}

class Printer {
  readonly lines: OutputLine[] = [];
  readonly #width: number;
  readonly #pending: Pending[] = [];
  #indent: number;
  #pieces: string[] = [];
  #column: number;

  constructor(indent: number, width: number) {
    this.#indent = indent;
    this.#column = indent;
    this.#width = width;
  }

  print(document: Document): void {
    this.#pending.push({ document, indent: this.#indent, flat: false, from: 0 });
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) this.#step(next);
    if (this.#pieces.length > 0) this.#endLine(0, null);
  }

  #step(next: Pending): void {
    const { document, indent, flat } = next;
    if (typeof document === 'string') this.#write(document);
    else if (document.kind === 'line' && flat) this.#write(document.flat);
    else if (document.kind === 'line') this.#endLine(indent, null);
    else if (document.kind === 'comments') this.#writeComments(document.comments, indent);
    else if (document.kind === 'sequence') this.#pushAll(document.parts, next);
    else if (document.kind === 'fill') this.#stepFill(document.parts, next);
    else if (document.kind === 'nest')
      this.#pending.push({ ...next, document: document.inner, indent: indent + document.by });
    else this.#pushGroup(document.inner, next, flat || (!document.broken && this.#fitsFlat(document.inner)));
  }

  #pushGroup(document: Document, { indent }: Pending, flat: boolean): void {
    this.#pending.push({ document, indent, flat, from: 0 });
  }

  #fitsFlat(document: Document): boolean {
    return this.#fits([{ document, indent: 0, flat: true, from: 0 }], true);
  }

  #pushAll(parts: readonly Document[], { indent, flat }: Pending): void {
    for (const document of parts.toReversed()) this.#pending.push({ document, indent, flat, from: 0 });
  }

  /** The separator `from - 1`, where there is one, ends the line unless the part behind it fits there. */
  #stepFill(parts: readonly Document[], fill: Pending): void {
    const { from, indent, flat } = fill;
    const part = parts[from];
    if (part === undefined) return;
    const isLast = from + 1 >= parts.length;
    const separator = from === 0 ? '' : (parts[from - 1] ?? '');
    const both: Pending[] = [part, separator].map((document) => ({ document, indent, flat: true, from: 0 }));
    const fits = flat || (!isBroken(separator) && this.#fits(both, isLast));
    if (!isLast) this.#pending.push({ ...fill, from: from + 2 });
    this.#pending.push({ document: group(part), indent, flat, from: 0 });
    this.#pending.push({ document: separator, indent, flat: fits, from: 0 });
  }

  /**
   * Whether `pending` (taken from its end) fits on this line, with what must stand on it behind, if
   * `withRest`.
   */
  #fits(pending: Pending[], withRest: boolean): boolean {
    let left = this.#width - this.#column;
    let rest = withRest ? this.#pending.length : 0;
    while (left >= 0) {
      const next = pending.pop() ?? this.#pending[--rest];
      if (next === undefined || rest < 0) return true;
      const { document, flat, from } = next;
      if (typeof document === 'string') left -= document.length;
      else if (document.kind === 'comments') return true;
      else if (document.kind === 'line') {
        if (!flat) return true;
        left -= document.flat.length;
      } else if (document.kind === 'nest' || document.kind === 'group') {
        pending.push({ ...next, document: document.inner });
      } else if (document.kind === 'fill' && !flat && from > 0) {
        return true;
      } else {
        this.#pushSome(document.parts, next, pending);
      }
    }
    return false;
  }

  /** As many parts as can matter to one line: every other one may be empty. */
  #pushSome(parts: readonly Document[], next: Pending, onto: Pending[]): void {
    const count = Math.min(parts.length, 2 * (this.#width + 1));
    for (let i = count - 1; i >= 0; i--) {
      const document = parts[i];
      if (document !== undefined) onto.push({ ...next, document, from: 0 });
    }
  }

  #write(text: string): void {
    if (text === '') return;
    this.#pieces.push(text);
    this.#column += text.length;
  }

  #writeComments(comments: readonly Comment[], indent: number): void {
    for (const { text, trailing } of comments) {
      if (trailing) this.#endLine(indent, text);
      else {
        if (this.#pieces.length > 0) this.#endLine(indent, null);
        this.lines.push({ indent, code: '', comment: text });
      }
    }
  }

  #endLine(nextIndent: number, comment: string | null): void {
    this.lines.push({ indent: this.#indent, code: this.#pieces.join(''), comment });
    this.#pieces = [];
    this.#indent = nextIndent;
    this.#column = nextIndent;
  }
}
