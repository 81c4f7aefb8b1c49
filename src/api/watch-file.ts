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
 * Calls `changed` within a second of every change of some files, their removal included, counted from what `seen` says:
 * the versions that were there before they were read, so that no change falls between. Returns what ends it.
 */
export function watchForChanges(
  seen: () => ReadonlyMap<string, FileVersion>,
  changed: () => void,
): () => void {
  const timer = setInterval(() => {
    if ([...seen()].some(([file, version]) => fileVersion(file) !== version)) changed();
  }, INTERVAL_MS).unref();
  return () => clearInterval(timer);
}
