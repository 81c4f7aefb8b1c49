import type { ColumnSpec, UnknownColumn } from './columns-of.js';
import { parseInstant } from './parse-instant.js';
import { MOST_STEPS, type Trace, TraceError } from './trace.js';

const BOOLEANS: ReadonlyMap<string, number> = new Map([
  ...['1', 'true', 'on', 'yes'].map((word) => [word, 1] as const),
  ...['0', 'false', 'off', 'no'].map((word) => [word, 0] as const),
]);
/** What stands for a sample that was missed. */
const GAPS: ReadonlySet<string> = new Set(['', 'nan', 'na', 'null', '-']);
const SHOWN = 24;
const MANY = 16;

interface Rows {
  readonly times: number[];
  readonly lines: number[];
  readonly cells: readonly number[][];
}

/**
 * Reads a trace: CSV whose first line names its columns, `time` or `seconds` first. The step is the median distance of
 * its rows; places without a row, and empty cells, are unknown. Throws a {@link TraceError} for what is none.
 */
export function parseTrace(
  text: string,
  columnOf: (header: string) => ColumnSpec | UnknownColumn,
  zone: string,
): Trace {
  const lines = linesOf(text);
  const first = lines.next();
  if (first.done) throw new TraceError(1, 'the trace is empty', FORM);
  const [clock, specs] = readHeader(first.value.text, columnOf);
  const rows: Rows = { times: [], lines: [], cells: specs.map(() => []) };
  for (const line of lines) readRow(line, clock, specs, rows, zone);
  return ontoGrid(rows, specs, clock);
}

const FORM = "it begins with a line of column names, such as 'seconds,owner.demand'";

interface Line {
  readonly text: string;
  readonly number: number;
}

/** Lines that are neither empty nor comments. */
function* linesOf(text: string): Generator<Line, void> {
  let [start, number] = [text.startsWith('\uFEFF') ? 1 : 0, 0];
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    number += 1;
    const line = text.slice(start, end).trim();
    if (line !== '' && !line.startsWith('#')) yield { text: line, number };
    start = end + 1;
  }
}

type Clock = 'time' | 'seconds';

function readHeader(
  text: string,
  columnOf: (header: string) => ColumnSpec | UnknownColumn,
): [clock: Clock, specs: readonly ColumnSpec[]] {
  const [clock = '', ...headers] = cellsOf(text);
  if (clock !== 'time' && clock !== 'seconds') {
    throw new TraceError(1, `the first column is '${shown(clock)}', and must be 'time' or 'seconds'`, FORM);
  }
  const specs = headers.map((header) => {
    const spec = columnOf(header);
    if ('key' in spec) return spec;
    const hint = spec.meant
      ? `did you mean '${spec.meant}'?`
      : 'a column is a signal, a switch, CLASS.demand, CLASS.count or process NAME';
    throw new TraceError(1, `nothing is known of a column '${shown(header)}'`, hint);
  });
  const twice = specs.find(({ key }, at) => specs.findIndex((one) => one.key === key) !== at);
  if (twice) throw new TraceError(1, `there are two columns '${twice.key}'`, 'leave one of them out');
  return [clock, specs];
}

function readRow(
  { text, number }: Line,
  clock: Clock,
  specs: readonly ColumnSpec[],
  rows: Rows,
  zone: string,
): void {
  const cells = cellsOf(text);
  if (cells.length !== specs.length + 1) {
    const message = `this row has ${cells.length} cells, and the header ${specs.length + 1}`;
    throw new TraceError(number, message, 'a cell may be empty: its value is unknown');
  }
  const at = readTime(cells[0] ?? '', clock, number, zone);
  const before = rows.times.at(-1);
  if (before !== undefined && at <= before) {
    throw new TraceError(
      number,
      `'${shown(cells[0] ?? '')}' is not after the row before it`,
      'sort the rows by time',
    );
  }
  rows.times.push(at);
  rows.lines.push(number);
  specs.forEach((spec, index) => {
    rows.cells[index]?.push(readCell(cells[index + 1] ?? '', spec, number));
  });
}

/** Milliseconds. */
function readTime(cell: string, clock: Clock, line: number, zone: string): number {
  if (clock === 'seconds') {
    const seconds = cell === '' ? Number.NaN : Number(cell);
    if (Number.isFinite(seconds)) return seconds * 1000;
    throw new TraceError(line, `'${shown(cell)}' is no number of seconds`, 'seconds count from any origin');
  }
  const instant = parseInstant(cell, zone);
  if (instant !== null) return instant;
  throw new TraceError(
    line,
    `'${shown(cell)}' is no time`,
    "write '2026-11-23 10:00:00' or '2026-11-23T09:00:00Z'",
  );
}

function readCell(cell: string, spec: ColumnSpec, line: number): number {
  if (GAPS.has(cell.toLowerCase())) return Number.NaN;
  const value = spec.kind === 'boolean' ? (BOOLEANS.get(cell.toLowerCase()) ?? Number.NaN) : Number(cell);
  const fits = value >= spec.least && value <= spec.most && Number.isFinite(value);
  if (fits && (spec.kind !== 'count' || Number.isInteger(value))) return value;
  const hint = 'cells hold plain numbers, without a unit; an empty one is unknown';
  throw new TraceError(line, `${spec.key} is '${shown(cell)}', and is ${spec.unit}`, hint);
}

/** Cells of a line; those in quotes may hold commas, and quotes twice (RFC 4180). */
function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim());
  const cells = line.matchAll(/(?:^|,)\s*("(?:[^"]|"")*"|[^,]*)/g);
  return [...cells].map(([, cell = '']) => {
    const quoted = cell.length > 1 && cell.startsWith('"') && cell.endsWith('"');
    return (quoted ? cell.slice(1, -1).replaceAll('""', '"') : cell).trim();
  });
}

function ontoGrid({ times, lines, cells }: Rows, specs: readonly ColumnSpec[], clock: Clock): Trace {
  if (times.length < 2) {
    throw new TraceError(null, 'the trace has fewer than two rows', 'its step is the distance between them');
  }
  const stepMs = medianStep(times);
  const first = times[0] ?? 0;
  const placeOf = (at: number) => Math.round((at - first) / stepMs);
  const length = placeOf(times.at(-1) ?? 0) + 1;
  if (length > MOST_STEPS) {
    const message = `${length} steps of ${stepMs / 1000}s lie between its first row and its last`;
    throw new TraceError(lines.at(-1) ?? null, message, `at most ${MOST_STEPS}: is a time wrong?`);
  }
  const columns = specs.map(({ key }, index) => {
    const values = new Float64Array(length).fill(Number.NaN);
    times.forEach((at, row) => {
      values[placeOf(at)] = cells[index]?.[row] ?? Number.NaN;
    });
    return [key, values] as const;
  });
  return { startMs: clock === 'time' ? first : null, stepMs, length, columns: new Map(columns) };
}

/** To the millisecond. */
function medianStep(times: readonly number[]): number {
  const steps = Float64Array.from(
    { length: times.length - 1 },
    (_, at) => (times[at + 1] ?? 0) - (times[at] ?? 0),
  );
  const median = steps.sort()[Math.floor(steps.length / 2)] ?? 0;
  return Math.max(1, Math.round(median));
}

const shown = (cell: string): string => {
  const plain = cell.replace(/\p{Cc}|\p{Cf}/gu, '\uFFFD');
  return plain.length > SHOWN ? `${plain.slice(0, MANY)}…` : plain;
};
