import type { Source } from '../lang/index.js';
import { readTextFile } from './read-file.js';

/** One byte more than a policy may have, so that a longer one is told from one of just that length. */
const READ_LIMIT = 1024 * 1024 + 1;

/** The policy in a file, or whatever else is there: its language says so. Throws a refusal when it cannot be read. */
export function readPolicy(file: string): Source {
  return { file, text: readTextFile(file, READ_LIMIT) };
}
