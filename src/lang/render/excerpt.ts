import type { Range } from '../source.js';
import { type Mark, showLine } from './marked-line.js';
import type { Paint } from './palette.js';
import { visible } from './visible-text.js';

/** A range of a file to be shown, and what is said of it. */
export interface Annotation extends Pick<Mark, 'sign' | 'style' | 'label'> {
  readonly range: Range;
}

/** Of a range of very many lines so many are shown at each end. */
const LINES_AT_ENDS = 3;

/**
 * Lines of one file with their numbers and what is marked on them, in the order of the file; `…` stands for lines left
 * out. A range of several lines has a bar beside it, from its first line to its end. The lines come without the frame's
 * first row.
 */
export function excerpt(
  lines: readonly string[],
  annotations: readonly Annotation[],
  gutter: number,
  paint: Paint,
): readonly string[] {
  const bar = annotations.find(isOverLines) ?? null;
  const marks = marksByLine(annotations, bar, lines);
  const bar1 = paint('|', 'frame');
  const margin = `${' '.repeat(gutter)} ${bar1} `;
  const shown: string[] = [];
  let previous = 0;
  for (const number of linesToShow(marks, annotations)) {
    if (previous > 0 && number === previous + 2) shown.push(...plainLine(number - 1));
    else if (previous > 0 && number > previous + 1) shown.push(paint('...', 'frame'));
    shown.push(...markedLine(number));
    previous = number;
  }
  return shown;

  function plainLine(number: number): readonly string[] {
    return markedLine(number);
  }

  function markedLine(number: number): readonly string[] {
    const line = lineAt(lines, number);
    const { text, rows } = showLine(line, marks.get(number) ?? [], paint);
    const lane = laneAt(number);
    const head = `${paint(String(number).padStart(gutter), 'frame')} ${bar1} ${lane}${text}`.trimEnd();
    const below = laneBelow(number);
    return [head, ...rows.map((row) => `${margin}${below}${row}`), ...barEnd(number)];
  }

  /** The column of the bar, where there is one. */
  function laneAt(number: number): string {
    if (bar === null) return '';
    const { start, end } = bar.range;
    if (number === start.line) return `${paint('/', bar.style)} `;
    return number > start.line && number <= end.line ? `${paint('|', bar.style)} ` : '  ';
  }

  function laneBelow(number: number): string {
    if (bar === null) return '';
    const { start, end } = bar.range;
    return number >= start.line && number <= end.line ? `${paint('|', bar.style)} ` : '  ';
  }

  /** `|___^`, under the last character of the range. */
  function barEnd(number: number): readonly string[] {
    if (bar === null || number !== bar.range.end.line) return [];
    const { end } = bar.range;
    const last = { ...bar, from: Math.max(0, end.column - 2), to: Math.max(1, end.column - 1), label: '' };
    const [row = ''] = showLine(lineAt(lines, number), [last], (text) => text).rows;
    const label = bar.label === '' ? '' : ` ${visible(bar.label)}`;
    return [
      `${margin}${paint(`|${row.replace(/ /g, '_').padStart(row.length + 1, '_')}${label}`, bar.style)}`,
    ];
  }
}

const isOverLines = ({ range }: Annotation): boolean => range.end.line > range.start.line;

const lineAt = (lines: readonly string[], number: number): string =>
  (lines[number - 1] ?? '').replace(/\r$/, '');

/** What is underlined: of a further range of several lines its first one. */
function marksByLine(
  annotations: readonly Annotation[],
  bar: Annotation | null,
  lines: readonly string[],
): ReadonlyMap<number, readonly Mark[]> {
  const marks = new Map<number, Mark[]>();
  for (const annotation of annotations) {
    if (annotation === bar) continue;
    const { start, end } = annotation.range;
    const to = isOverLines(annotation) ? lineAt(lines, start.line).length : end.column - 1;
    const mark: Mark = { ...annotation, from: start.column - 1, to };
    marks.set(start.line, [...(marks.get(start.line) ?? []), mark]);
  }
  return marks;
}

function linesToShow(
  marks: ReadonlyMap<number, readonly Mark[]>,
  annotations: readonly Annotation[],
): readonly number[] {
  const numbers = new Set(marks.keys());
  for (const { range } of annotations.filter(isOverLines)) {
    for (let i = 0; i < LINES_AT_ENDS; i++) {
      numbers.add(Math.min(range.start.line + i, range.end.line));
      numbers.add(Math.max(range.end.line - i, range.start.line));
    }
  }
  return [...numbers].sort((a, b) => a - b);
}
