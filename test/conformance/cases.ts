import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Lines and columns from 1, columns in UTF-16 units; `end` is behind the last character. */
export interface CaseRange {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** The format is described in README.md. */
export type ConformanceCase = TreeCase | ErrorCase;

interface TreeCase {
  readonly name: string;
  readonly source: string;
  readonly tree: unknown;
}

export interface ErrorCase {
  readonly name: string;
  readonly source: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly followsGrammar?: boolean;
  readonly errors: readonly CaseError[];
}

export interface CaseError {
  readonly code: string;
  /** Absent: in the source. */
  readonly file?: string;
  readonly range: CaseRange;
}

export interface ConformanceFile {
  /** The area, such as `calendars`. */
  readonly area: string;
  readonly path: string;
  readonly cases: readonly ConformanceCase[];
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** All files of the corpus, by their names. */
export function conformanceFiles(): readonly ConformanceFile[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({
      area: file.replace('.yaml', ''),
      path: `${FOLDER}${file}`,
      cases: parse(readFileSync(`${FOLDER}${file}`, 'utf8')) as ConformanceCase[],
    }));
}
