import { statSync } from 'node:fs';

const INTERVAL_MS = 1000;

/** Tells one content of a file from another without reading it; null: there is no such file. */
export type FileVersion = string | null;

/** Of the file that the name stands for now: editors replace files, so the name is looked at. */
export function fileVersion(file: string): FileVersion {
  try {
    const { ino, mtimeNs, size } = statSync(file, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch {
    return null;
  }
}

/**
 * Calls `changed` within a second of every change of a file, its removal included, counted from `seen`: the version that
 * was there before it was read, so that no change falls between. Returns what ends it.
 */
export function watchForChanges(file: string, seen: FileVersion, changed: () => void): () => void {
  let last = seen;
  const timer = setInterval(() => {
    const now = fileVersion(file);
    if (now === last) return;
    last = now;
    changed();
  }, INTERVAL_MS).unref();
  return () => clearInterval(timer);
}
