import { parseSeries, SeriesError } from '../rps/backtest/parse-series.js';
import { refusal } from './command-error.js';
import { readOrRefuse } from './read-policy.js';

const MOST_BYTES = 64 * 1024 * 1024;

/** The series in a CSV file of one column, of at least so many samples. Refuses, with the line, what is none. */
export function readSeries(file: string, least: number): Float64Array {
  const text = readOrRefuse(file, MOST_BYTES + 1);
  if (text.length > MOST_BYTES) throw refusal('EFBIG', `${file} is larger than 64 MiB`);
  try {
    const series = parseSeries(text);
    if (series.length >= least) return series;
    throw new SeriesError(`it has ${series.length} samples, and ${least} are needed`);
  } catch (error) {
    if (!(error instanceof SeriesError)) throw error;
    const place = error.line === null ? file : `${file}:${error.line}`;
    throw refusal('TRACE', `${place}: ${error.message}`, 'a CSV file of one column: a number a line');
  }
}
