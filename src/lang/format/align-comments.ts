import type { OutputLine } from './output-line.js';

/** Blanks between code and comment. */
const APART = '  ';

/**
 * The text of `lines`, each with its end. Comments at the ends of adjacent lines of one indentation begin in
 * the same column, as long as all of them end within `width` columns there.
 */
export function joinLines(lines: readonly OutputLine[], width: number): string {
  const rows: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const count = aligned(lines, i, width);
    const run = lines.slice(i, i + count);
    const column = Math.max(...run.map(({ code }) => code.length));
    for (const line of run) rows.push(row(line, column));
    i += count;
  }
  return rows.map((text) => `${text}\n`).join('');
}

/** How many lines from `start` on have their comments in one column; 1 where there is none. */
function aligned(lines: readonly OutputLine[], start: number, width: number): number {
  const indent = lines[start]?.indent ?? 0;
  let [column, longest] = [0, 0];
  for (let i = start; i < lines.length; i++) {
    const line = lines[i];
    if (line === undefined || line.indent !== indent || line.code === '' || line.comment === null)
      return Math.max(1, i - start);
    column = Math.max(column, line.code.length);
    longest = Math.max(longest, line.comment.length);
    if (i > start && indent + column + APART.length + longest > width) return i - start;
  }
  return lines.length - start;
}

function row({ indent, code, comment }: OutputLine, column: number): string {
  const margin = ' '.repeat(indent);
  if (comment === null) return code === '' ? '' : margin + code;
  return code === '' ? margin + comment : margin + code.padEnd(column) + APART + comment;
}
