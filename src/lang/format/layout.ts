import { type Document, sequence } from './document.js';
import { blockOnOneLine } from './one-line.js';
import type { Item } from './outline.js';
import { EMPTY_LINE, type OutputLine } from './output-line.js';
import { printDocument } from './print-document.js';
import { segmentDocument } from './segment.js';
import type { Layable } from './sentence.js';

/** Columns by which a body is indented. */
const INDENT = 2;

/** The lines of a whole text, of which `items` are the outermost. `width` in columns. */
export function layOut(text: Layable, items: readonly Item[], width: number): readonly OutputLine[] {
  const layout = new Layout(text, width);
  layout.addBody(items, text.tokens.length, 0);
  return layout.lines;
}

class Layout {
  readonly lines: OutputLine[] = [];
  readonly #text: Layable;
  readonly #width: number;

  constructor(text: Layable, width: number) {
    this.#text = text;
    this.#width = width;
  }

  /** `end`: the token behind the body, a brace or the end of the text. */
  addBody(items: readonly Item[], end: number, indent: number): void {
    const begin = this.lines.length;
    for (const item of items) {
      this.#addComments(item.from, indent, begin);
      if (this.#text.gaps[item.from]?.afterBlank) this.#addEmptyLine(begin);
      this.#addItem(item, indent);
    }
    this.#addComments(end, indent, begin);
  }

  /** Those in front of a token that begins a line; the first may belong to the end of the line above. */
  #addComments(index: number, indent: number, bodyBegin: number): void {
    for (const { text, trailing, afterBlank } of this.#text.gaps[index]?.comments ?? []) {
      const above = this.lines.at(-1);
      if (trailing && above !== undefined) {
        above.comment = text;
        continue;
      }
      if (afterBlank) this.#addEmptyLine(bodyBegin);
      this.lines.push({ indent, code: '', comment: text });
    }
  }

  /** None at the begin of a body. */
  #addEmptyLine(bodyBegin: number): void {
    if (this.lines.length > bodyBegin) this.lines.push(EMPTY_LINE);
  }

  #addItem(item: Item, indent: number): void {
    const line = blockOnOneLine(this.#text, item, indent, this.#width);
    if (line === null) this.#addSegments(item, indent);
    else this.lines.push(line);
  }

  #addSegments({ segments, bodies }: Item, indent: number): void {
    let line: Document[] = [];
    for (const [i, segment] of segments.entries()) {
      line.push(segmentDocument(this.#text, segment));
      const body = bodies[i];
      const end = segments[i + 1]?.from;
      if (body === undefined || end === undefined) break;
      // Braces without anything in them stay together.
      if (body.length === 0 && this.#text.gaps[end]?.comments.length === 0) continue;
      this.#addLines(line, indent);
      this.addBody(body, end, indent + INDENT);
      line = [];
    }
    this.#addLines(line, indent);
  }

  #addLines(line: readonly Document[], indent: number): void {
    for (const each of printDocument(sequence(line), indent, this.#width)) this.lines.push(each);
  }
}
