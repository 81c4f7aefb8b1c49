import type { Range, SelectionRange } from 'vscode-languageserver';
import type { Span } from '../../lang/tree.js';
import type { PolicyText } from '../document/policy-text.js';

/** What an offset is in, from the token outwards: its sentence, the sentences in whose braces that stands, the file. */
export function selectionRangeAt(text: PolicyText, offset: number): SelectionRange {
  const spans = [...sentencesAt(text, offset), ...tokenAt(text, offset)];
  let selection: SelectionRange = { range: text.range({ start: 0, end: text.text.length }) };
  for (const span of spans) {
    const range = text.range(span);
    if (!isSame(range, selection.range)) selection = { range, parent: selection };
  }
  return selection;
}

/** The outermost first. */
function sentencesAt(text: PolicyText, offset: number): readonly Span[] {
  return text.reading.sentences.flatMap((sentence) => {
    const full = text.fullSpanOf(sentence);
    if (full.start > offset || full.end < offset) return [];
    const head = text.spanOf(sentence);
    return head.end < full.end && offset <= head.end ? [full, head] : [full];
  });
}

function tokenAt(text: PolicyText, offset: number): readonly Span[] {
  const token = text.tokenAt(offset);
  return token === null ? [] : [text.tokenSpan(token)];
}

const isSame = (a: Range, b: Range): boolean =>
  a.start.line === b.start.line &&
  a.start.character === b.start.character &&
  a.end.line === b.end.line &&
  a.end.character === b.end.character;
