import type { Colors } from 'picocolors/types.js';
import type { Diagnostic, Severity } from '../../lang/diagnostic.js';
import type { Range, Source } from '../../lang/source.js';
import { count } from './count.js';

/** The most of a source line that is shown, in characters. */
const LINE_WIDTH = 100;

/** Diagnostics as people read them: message, place with the source line underlined, other places, hint, fix. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  colors: Colors,
): string {
  const lines = new Map(sources.map(({ file, text }) => [file, text.split(/\r\n|\n|\r/)]));
  const blocks = diagnostics.map((diagnostic) => renderOne(diagnostic, lines, colors));
  return [...blocks, ...summary(diagnostics)].join('\n\n');
}

type Lines = ReadonlyMap<string, readonly string[]>;

function renderOne(diagnostic: Diagnostic, lines: Lines, colors: Colors): string {
  const { code, severity, message, file, range, related, hint, fix } = diagnostic;
  const paint = painter(severity, colors);
  return [
    `${paint(`${severity}[${code}]`)}: ${colors.bold(message)}`,
    ...frame(file, range, lines, paint, colors, '^'),
    ...related.flatMap((place) => [
      `${colors.cyan('  note')}: ${place.message}`,
      ...frame(place.file, place.range, lines, colors.cyan, colors, '-'),
    ]),
    ...(hint ? [`${colors.cyan('  hint')}: ${hint}`] : []),
    ...(fix ? [`${colors.cyan('  fix')}: ${fix.title}`] : []),
  ].join('\n');
}

type Paint = (text: string) => string;

function painter(severity: Severity, colors: Colors): Paint {
  if (severity === 'error') return colors.red;
  return severity === 'warning' ? colors.yellow : colors.blue;
}

/** `  --> file:line:column`, then the line with what is meant underlined. */
function frame(
  file: string,
  { start, end }: Range,
  lines: Lines,
  paint: Paint,
  colors: Colors,
  mark: string,
): string[] {
  const number = String(start.line);
  const gutter = ' '.repeat(number.length);
  const place = `${gutter} ${colors.dim('-->')} ${file}:${start.line}:${start.column}`;
  const line = lines.get(file)?.[start.line - 1];
  if (line === undefined) return [place];
  const length = end.line === start.line ? end.column - start.column : line.length + 1 - start.column;
  const { text, column } = clip(line, start.column - 1);
  const underline = mark.repeat(Math.max(1, Math.min(length, text.length - column)));
  const bar = colors.dim('|');
  return [
    place,
    `${colors.dim(number)} ${bar} ${printable(text)}`,
    `${gutter} ${bar} ${' '.repeat(column)}${paint(underline)}`,
  ];
}

/** The part of a long line around `column` (from 0), and where the column is in it. */
function clip(line: string, column: number): { text: string; column: number } {
  if (line.length <= LINE_WIDTH) return { text: line, column };
  const from = Math.max(0, Math.min(column - LINE_WIDTH / 2, line.length - LINE_WIDTH));
  return { text: line.slice(from, from + LINE_WIDTH), column: column - from };
}

/** One column a character, and nothing that a terminal would obey. */
const printable = (text: string) => text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');

function summary(diagnostics: readonly Diagnostic[]): string[] {
  const numberOf = (severity: Severity) => diagnostics.filter((each) => each.severity === severity).length;
  const errors = numberOf('error');
  const warnings = numberOf('warning');
  if (errors + warnings === 0) return [];
  return [
    [errors && count(errors, 'error'), warnings && count(warnings, 'warning')].filter(Boolean).join(', '),
  ];
}
