import { LCurly, RCurly } from '../tokens.js';
import { type Document, sequence } from './document.js';
import type { TokenRange } from './outline.js';
import { gapDocument, type Layable, sentenceDocument } from './sentence.js';

/** A segment of an item with its braces: `vm a {`, `} otherwise {`, `}`, or a whole sentence. */
export function segmentDocument(text: Layable, { from, to }: TokenRange): Document {
  const isAt = (index: number, type: unknown) => text.tokens[index]?.tokenType === type;
  const [closes, opens] = [isAt(from, RCurly), isAt(to - 1, LCurly)];
  const words = { from: closes ? from + 1 : from, to: opens ? to - 1 : to };
  const parts: Document[] = closes ? ['}'] : [];
  if (words.from < words.to) {
    if (closes) parts.push(gapDocument(text, words.from, ' '));
    parts.push(sentenceDocument(text, words));
  }
  if (opens) parts.push(gapDocument(text, words.to, ' '), '{');
  return sequence(parts);
}
