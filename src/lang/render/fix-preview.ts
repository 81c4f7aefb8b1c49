import type { Fix, TextEdit } from '../diagnostic.js';
import { type Mark, showLine } from './marked-line.js';
import type { Paint } from './palette.js';
import { visible } from './visible-text.js';

/** A fix over more lines than these is told by its title alone. */
const MAX_LINES = 6;

/** A text with parts of it marked. */
interface Changed {
  readonly text: string;
  /** Offsets in the text. */
  readonly marks: readonly { readonly from: number; readonly to: number; readonly sign: '~' | '+' }[];
}

/** The lines as a fix leaves them, with what it writes underlined; where it only removes, as they were and as they are. */
export function fixPreview(
  fix: Fix,
  lines: readonly string[],
  gutter: number,
  paint: Paint,
): readonly string[] {
  const first = Math.min(...fix.edits.map(({ range }) => range.start.line));
  const last = Math.max(...fix.edits.map(({ range }) => range.end.line));
  if (last - first >= MAX_LINES) return [];
  const before = lines.slice(first - 1, last);
  const changed = change(before, first, fix.edits);
  const after = changed.text.split('\n');
  if (after.length > MAX_LINES) return [];
  return changed.marks.length === 0
    ? removal(before, after, first, gutter, paint)
    : writing(changed, after, first, gutter, paint);
}

function change(before: readonly string[], first: number, edits: readonly TextEdit[]): Changed {
  const text = before.join('\n');
  const starts = before.map((_, index) => before.slice(0, index).join('\n').length + (index > 0 ? 1 : 0));
  const offsetOf = ({ line, column }: TextEdit['range']['start']) => (starts[line - first] ?? 0) + column - 1;
  const marks: Changed['marks'][number][] = [];
  let changed = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.range.start.offset - b.range.start.offset)) {
    const [start, end] = [offsetOf(edit.range.start), offsetOf(edit.range.end)];
    changed += text.slice(at, start);
    const written = edit.text.replace(/\r/g, '');
    if (written !== '') {
      const sign = start === end ? '+' : '~';
      marks.push({ from: changed.length, to: changed.length + written.length, sign });
    }
    changed += written;
    at = end;
  }
  return { text: changed + text.slice(at), marks };
}

function writing(
  { marks }: Changed,
  after: readonly string[],
  first: number,
  gutter: number,
  paint: Paint,
): readonly string[] {
  const rows: string[] = [];
  let start = 0;
  after.forEach((line, index) => {
    const here = marks.flatMap(({ from, to, sign }): readonly Mark[] => {
      const [begin, end] = [Math.max(from - start, 0), Math.min(to - start, line.length)];
      return begin < end ? [{ from: begin, to: end, sign, style: 'added', label: '' }] : [];
    });
    start += line.length + 1;
    if (here.length === 0) return;
    const shown = showLine(line, here, paint);
    const bar = paint('|', 'frame');
    rows.push(`${paint(String(first + index).padStart(gutter), 'frame')} ${bar} ${shown.text}`);
    rows.push(...shown.rows.map((row) => `${' '.repeat(gutter)} ${bar} ${row}`));
  });
  return rows;
}

function removal(
  before: readonly string[],
  after: readonly string[],
  first: number,
  gutter: number,
  paint: Paint,
): readonly string[] {
  const row = (sign: '-' | '+', line: string, index: number) => {
    const number = paint(String(first + index).padStart(gutter), 'frame');
    const { text } = showLine(line.replace(/\r$/, ''), [], (plain) => plain);
    return `${number} ${paint(`${sign} ${visible(text)}`, sign === '-' ? 'removed' : 'added')}`.trimEnd();
  };
  return [
    ...before.map((line, index) => row('-', line, index)),
    ...after.map((line, index) => row('+', line, index)),
  ];
}
