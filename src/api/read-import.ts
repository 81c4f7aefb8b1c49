import { realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { ImportReader } from '../lang/index.js';
import { readTextFile, UnreadableFileError } from '../support/read-text-file.js';

/** One byte more than a policy may have, so that a longer one is told from one of just that length. */
export const POLICY_READ_BYTES = 1024 * 1024 + 1;

/**
 * Reads what the policy in `root` (`-`: standard input) imports from the file system. The language resolves paths as
 * texts; here also where links lead has to be in the folder of the root, or below it.
 */
export const importReader =
  (root: string): ImportReader =>
  (file) => {
    try {
      const folder = realpathSync(dirname(root));
      const path = realpathSync(file);
      if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) {
        return { kind: 'refused', reason: 'it is a link that leads out of the folder of the policy' };
      }
      return { kind: 'text', text: readTextFile(path, POLICY_READ_BYTES) };
    } catch (error) {
      return { kind: 'refused', reason: reasonOf(error, file) };
    }
  };

function reasonOf(error: unknown, file: string): string {
  if (error instanceof UnreadableFileError) return error.reason;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return new UnreadableFileError(file, code).reason;
}
