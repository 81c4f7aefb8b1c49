import { POLICY_READ_BYTES } from '../api/read-import.js';
import type { Source } from '../lang/index.js';
import { readTextFile, UnreadableFileError } from '../support/read-text-file.js';
import { refusal } from './command-error.js';

/** The policy in a file, or whatever else is there: the language says so. Exit code 4 when it cannot be read. */
export function readPolicy(file: string): Source {
  return { file, text: readOrRefuse(file, POLICY_READ_BYTES) };
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
