import { word } from '../tokens.js';
import { type Document, sequence } from './document.js';
import type { Item } from './outline.js';
import type { OutputLine } from './output-line.js';
import { printDocument } from './print-document.js';
import { segmentDocument } from './segment.js';
import type { Layable } from './sentence.js';

/**
 * A block with all its bodies on one line, where it is written so and fits; null elsewhere. Looks at no more
 * of it than fits on a line.
 */
export function blockOnOneLine(text: Layable, item: Item, indent: number, width: number): OutputLine | null {
  if (item.bodies.length === 0 || !isShort(text, item, width - indent)) return null;
  if (item.bodies.some((body) => body.length > 0) && !(isWrittenSo(text, item) && mayBeSo(text, item)))
    return null;
  const [line, ...more] = printDocument(oneLineDocument(text, item), indent, width);
  return line !== undefined && more.length === 0 && indent + line.code.length <= width ? line : null;
}

/** Has no comments, and would fit without white space. */
function isShort({ tokens, gaps }: Layable, { from, to }: Item, width: number): boolean {
  let length = 0;
  for (let i = from; i < to; i++) {
    length += tokens[i]?.image.length ?? 0;
    if (length > width || (i > from && gaps[i]?.comments.length !== 0)) return false;
  }
  return true;
}

/** No line ends behind its first brace. */
function isWrittenSo({ gaps }: Layable, { segments, to }: Item): boolean {
  const [first] = segments;
  return first !== undefined && !gaps.slice(first.to, to).some(({ endsLine }) => endsLine);
}

/** Properties may share a line; a sentence may stand in a block's line alone; a test never does. */
function mayBeSo({ tokens }: Layable, { from, bodies }: Item): boolean {
  const first = tokens[from]?.tokenType;
  if (first === word('test') || bodies.some((body) => body.some((item) => item.bodies.length > 0)))
    return false;
  return first !== word('when') || bodies.every((body) => body.length <= 1);
}

function oneLineDocument(text: Layable, { segments, bodies }: Item): Document {
  const parts: Document[] = [];
  for (const [i, segment] of segments.entries()) {
    parts.push(segmentDocument(text, segment));
    const properties = (bodies[i] ?? []).map((item) => segmentDocument(text, item));
    if (properties.length > 0)
      parts.push(' ', ...properties.flatMap((property) => [property, '  ']).slice(0, -1), ' ');
  }
  return sequence(parts);
}
