import type { ImportReader } from '../lang/index.js';
import { readTextFile, UnreadableFileError } from '../support/read-text-file.js';

/** One byte more than a policy may have, so that a longer one is told from one of just that length. */
export const POLICY_READ_BYTES = 1024 * 1024 + 1;

/** Reads what a policy imports from the file system. */
export const readImport: ImportReader = (file) => {
  try {
    return { kind: 'text', text: readTextFile(file, POLICY_READ_BYTES) };
  } catch (error) {
    if (error instanceof UnreadableFileError) return { kind: 'refused', reason: error.reason };
    throw error;
  }
};
