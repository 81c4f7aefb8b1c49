import { join } from 'node:path';
import { ProcFile } from '../../support/proc-file.js';

/**
 * Values of cgroup files that are read again and again: the files stay open, for opening them costs ten times what reading
 * does. A group that was removed and made again is opened again. Who looks at all groups says which are still there, so
 * that the files of others are closed.
 */
export class OpenValues {
  /** By directory and name; null: the directory has no such file. */
  readonly #directories = new Map<string, Map<string, ProcFile | null>>();

  /** Content of a file without its line feed; null when there is none. */
  read(directory: string, name: string): string | null {
    const files = this.#directories.get(directory) ?? new Map<string, ProcFile | null>();
    this.#directories.set(directory, files);
    const open = files.get(name);
    if (open === null) return null;
    if (open?.read()) return open.text().trimEnd();
    // Removed, and perhaps made again under the same name.
    open?.close();
    const opened = ProcFile.open(join(directory, name));
    files.set(name, opened);
    return opened?.read() ? opened.text().trimEnd() : null;
  }

  /** Closes what is open of other directories than these. */
  keepOnly(directories: ReadonlySet<string>): void {
    for (const [directory, files] of this.#directories) {
      if (directories.has(directory)) continue;
      for (const file of files.values()) file?.close();
      this.#directories.delete(directory);
    }
  }
}
