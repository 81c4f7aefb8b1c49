/** Why a text is no series; `line` from 1, null where it is about the whole. */
export class SeriesError extends Error {
  override readonly name = 'SeriesError';
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.line = line;
  }
}

const LARGEST = 1e140;

/**
 * A series from CSV of one column: a number a line, the first line may be its name. Throws a SeriesError for
 * anything else, a gap too: scores over gaps would not be comparable.
 */
export function parseSeries(text: string): Float64Array {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const first = lines[0] !== undefined && isNumber(lines[0]) ? 0 : 1;
  if (lines.length <= first) throw new SeriesError('it has no samples');
  const series = new Float64Array(lines.length - first);
  for (let i = first; i < lines.length; i++) series[i - first] = sampleOf(lines[i]!, i + 1);
  return series;
}

function sampleOf(text: string, line: number): number {
  if (text.includes(',')) throw new SeriesError('a series has one column', line);
  if (!isNumber(text)) throw new SeriesError(`'${text.trim().slice(0, 40)}' is no number`, line);
  const value = Number(text);
  if (Math.abs(value) > LARGEST) throw new SeriesError(`${text.trim()} is too large`, line);
  return value;
}

const isNumber = (text: string) => /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,4})?\s*$/.test(text);
