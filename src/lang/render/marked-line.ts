import type { Paint, Style } from './palette.js';
import { displayWidth, visible } from './visible-text.js';

/** A part of one line, from column `from` up to, not including, `to` (UTF-16 units, from 0), and what is said of it. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  /** `^` under what a diagnostic is about, `-` under what takes part, `~` and `+` under what a fix writes. */
  readonly sign: '^' | '-' | '~' | '+';
  readonly style: Style;
  /** Empty for none. */
  readonly label: string;
}

/** Of a source line so many UTF-16 units are shown, those around its first mark. */
const MAX_LINE = 110;
/** Of these so many stand in front of the mark. */
const BEFORE_MARK = 40;

/** A source line as shown, and the rows under it. */
export interface ShownLine {
  readonly text: string;
  readonly rows: readonly string[];
}

/** A mark at its columns on the screen. */
interface Placed {
  readonly column: number;
  readonly width: number;
  readonly mark: Mark;
}

/** The line, and below it its marks with their labels: the last one beside its mark, others on rows of their own. */
export function showLine(line: string, marks: readonly Mark[], paint: Paint): ShownLine {
  const window = windowOn(line, marks);
  const text = `${window.from > 0 ? '…' : ''}${visible(line.slice(window.from, window.to))}${
    window.to < line.length ? '…' : ''
  }`;
  const placed = marks
    .map((mark) => placeMark(mark, line, window))
    .sort((a, b) => a.column - b.column || a.width - b.width);
  return { text, rows: placed.length === 0 ? [] : [signsRow(placed, paint), ...labelRows(placed, paint)] };
}

interface Window {
  readonly from: number;
  readonly to: number;
}

function windowOn(line: string, marks: readonly Mark[]): Window {
  if (line.length <= MAX_LINE) return { from: 0, to: line.length };
  const focus = marks.find(({ sign }) => sign === '^') ?? marks[0];
  const from = Math.max(0, Math.min((focus?.from ?? 0) - BEFORE_MARK, line.length - MAX_LINE));
  return { from: outOfPair(line, from), to: outOfPair(line, from + MAX_LINE) };
}

/** Not between the halves of a surrogate pair. */
const outOfPair = (line: string, at: number): number =>
  /[\uDC00-\uDFFF]/.test(line[at] ?? '') ? at + 1 : at;

function placeMark(mark: Mark, line: string, { from, to }: Window): Placed {
  const clamp = (column: number) => Math.max(from, Math.min(column, to));
  const columns = (start: number, end: number) => displayWidth(visible(line.slice(start, end)));
  const column = columns(from, clamp(mark.from)) + (from > 0 ? 1 : 0);
  return { column, width: Math.max(1, columns(clamp(mark.from), clamp(mark.to))), mark };
}

/** What a diagnostic is about is drawn over what takes part. */
function signsRow(placed: readonly Placed[], paint: Paint): string {
  const end = Math.max(...placed.map(({ column, width }) => column + width));
  const cells: (Mark | null)[] = new Array<Mark | null>(end).fill(null);
  const isPrimary = ({ mark }: Placed) => mark.sign === '^';
  for (const each of [...placed.filter((one) => !isPrimary(one)), ...placed.filter(isPrimary)]) {
    cells.fill(each.mark, each.column, each.column + each.width);
  }
  const beside = labelBeside(placed);
  return `${paintCells(cells, paint)}${beside === null ? '' : ` ${paint(visible(beside.mark.label), beside.mark.style)}`}`;
}

function paintCells(cells: readonly (Mark | null)[], paint: Paint): string {
  let row = '';
  for (let at = 0; at < cells.length; ) {
    const mark = cells[at] ?? null;
    let end = at + 1;
    while (end < cells.length && cells[end] === mark) end++;
    row += mark === null ? ' '.repeat(end - at) : paint(mark.sign.repeat(end - at), mark.style);
    at = end;
  }
  return row;
}

/** The label that has nothing to its right. */
function labelBeside(placed: readonly Placed[]): Placed | null {
  const last = placed.at(-1);
  if (last === undefined || last.mark.label === '') return null;
  const end = last.column + last.width;
  return placed.every(({ column, width }) => column + width <= end) ? last : null;
}

/** From right to left, each hanging from its mark. */
function labelRows(placed: readonly Placed[], paint: Paint): readonly string[] {
  const beside = labelBeside(placed);
  const hanging = placed.filter((each) => each !== beside && each.mark.label !== '');
  const rows: string[] = hanging.length === 0 ? [] : [hangers(hanging, paint)];
  for (let left = hanging.length - 1; left >= 0; left--) {
    const { column, mark } = hanging[left] as Placed;
    const before = hangers(hanging.slice(0, left), paint, column);
    rows.push(`${before}${paint(visible(mark.label), mark.style)}`);
  }
  return rows;
}

/** A `|` under the start of each mark, padded up to `width`. */
function hangers(placed: readonly Placed[], paint: Paint, width = 0): string {
  let row = '';
  let at = 0;
  for (const { column, mark } of placed) {
    if (column < at) continue;
    row += `${' '.repeat(column - at)}${paint('|', mark.style)}`;
    at = column + 1;
  }
  return row + ' '.repeat(Math.max(0, width - at));
}
