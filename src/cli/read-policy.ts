import type { Source } from '../lang/index.js';
import { readTextFile, UnreadableFileError } from '../support/read-text-file.js';
import { refusal } from './command-error.js';

/** One byte more than a policy may have, so that a longer one is told from one of just that length. */
const READ_LIMIT_BYTES = 1024 * 1024 + 1;

/** The policy in a file, or whatever else is there: the language says so. Exit code 4 when it cannot be read. */
export function readPolicy(file: string): Source {
  return { file, text: readOrRefuse(file, READ_LIMIT_BYTES) };
}

/** The text of a file; exit code 4 when it cannot be read. */
export function readOrRefuse(file: string, limitBytes: number): string {
  try {
    return readTextFile(file, limitBytes);
  } catch (error) {
    if (error instanceof UnreadableFileError) throw refusal(error.code, error.message);
    throw error;
  }
}
