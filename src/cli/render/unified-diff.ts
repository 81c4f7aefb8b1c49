import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatchHunk, structuredPatch } from 'diff';
import type { Colors } from '../colors.js';

/**
 * Lines that differ beyond which the shortest difference is not looked for: the time grows with their square.
 */
const MAX_EDITS = 4000;
const CONTEXT = 3;

/**
 * The difference as `diff -u` writes it, for `patch -p0`, without the end of its last line; empty where there
 * is none.
 */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const options = { context: CONTEXT, maxEditLength: MAX_EDITS };
  const patch = structuredPatch(file, file, before, after, undefined, undefined, options);
  const whole = { oldFileName: file, newFileName: file, hunks: [wholeHunk(before, after)] };
  const text = formatPatch(
    patch ?? { ...whole, oldHeader: undefined, newHeader: undefined },
    FILE_HEADERS_ONLY,
  );
  return text.slice(0, -1);
}

/** One that takes all of a text away and puts all of the other in its place. */
function wholeHunk(before: string, after: string): StructuredPatchHunk {
  const [oldLines, newLines] = [linesOf(before), linesOf(after)];
  const side = (lines: readonly string[], sign: '-' | '+', text: string) => [
    ...lines.map((line) => sign + line),
    ...(text === '' || text.endsWith('\n') ? [] : ['\\ No newline at end of file']),
  ];
  return {
    oldStart: 1,
    oldLines: oldLines.length,
    newStart: 1,
    newLines: newLines.length,
    lines: [...side(oldLines, '-', before), ...side(newLines, '+', after)],
  };
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A unified diff for a terminal: coloured, and with characters that a terminal would obey made visible. */
export function paintDiff(diff: string, colors: Colors): string {
  return diff
    .split('\n')
    .map((line, i) => paintLine(visible(line), i < 2, colors))
    .join('\n');
}

function paintLine(line: string, isHeader: boolean, { bold, dim, green, red }: Colors): string {
  if (isHeader) return bold(line);
  if (line.startsWith('@@')) return dim(line);
  if (line.startsWith('+')) return green(line);
  return line.startsWith('-') ? red(line) : line;
}

const visible = (line: string): string =>
  line.replace(/\r$/, '^M').replace(/[\p{Cc}\p{Cf}]/gu, (sign) => (sign === '\t' ? sign : '\uFFFD'));
