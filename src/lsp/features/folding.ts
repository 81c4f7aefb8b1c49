import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import { commentsIn } from '../document/comments.js';
import type { PolicyText } from '../document/policy-text.js';

/** What an editor can fold: braces over several lines, and comments that stand on lines of their own below each other. */
export function foldingRangesOf(text: PolicyText): readonly FoldingRange[] {
  return [...braces(text), ...commentRuns(text), ...imports(text)];
}

function braces(text: PolicyText): readonly FoldingRange[] {
  const open: number[] = [];
  const ranges: FoldingRange[] = [];
  text.reading.tokens.forEach(({ image }, index) => {
    if (image === '{') open.push(index);
    const opening = image === '}' ? open.pop() : undefined;
    if (opening === undefined) return;
    const startLine = text.range(text.tokenSpan(opening)).start.line;
    // The closing brace stays in sight.
    const endLine = text.range(text.tokenSpan(index)).start.line - 1;
    if (endLine > startLine) ranges.push({ startLine, endLine });
  });
  return ranges.sort((a, b) => a.startLine - b.startLine);
}

function commentRuns(text: PolicyText): readonly FoldingRange[] {
  const lines = commentsIn(text.text)
    .filter(({ start }) => isFirstOnLine(text.text, start))
    .map((span) => text.range(span).start.line);
  return runs(lines).map(([startLine, endLine]) => ({ startLine, endLine, kind: FoldingRangeKind.Comment }));
}

function imports(text: PolicyText): readonly FoldingRange[] {
  const { sentences, tokens } = text.reading;
  const lines = sentences
    .filter(({ first }) => tokens[first]?.image === 'import')
    .map((sentence) => text.range(text.spanOf(sentence)).start.line);
  return runs(lines).map(([startLine, endLine]) => ({ startLine, endLine, kind: FoldingRangeKind.Imports }));
}

/** First and last of at least two lines that follow each other. */
function runs(lines: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === line - 1) last[1] = line;
    else found.push([line, line]);
  }
  return found.filter(([first, last]) => last > first);
}

const isFirstOnLine = (text: string, offset: number): boolean =>
  /^[ \t]*$/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset));
