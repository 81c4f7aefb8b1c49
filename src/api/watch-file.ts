import { unwatchFile, watchFile } from 'node:fs';

const INTERVAL_MS = 1000;

/**
 * Calls `changed` within a second of every change of a file's content or of the file that its name stands for; editors
 * replace files, so the name is looked at, not the file. Returns what ends it.
 */
export function watchForChanges(file: string, changed: () => void): () => void {
  const listener = (now: { mtimeMs: number; ino: number }, before: { mtimeMs: number; ino: number }) => {
    if (now.ino !== 0 && (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino)) changed();
  };
  watchFile(file, { interval: INTERVAL_MS, persistent: false }, listener);
  return () => unwatchFile(file, listener);
}
