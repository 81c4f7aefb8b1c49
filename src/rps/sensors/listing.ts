import { readdirSync, readFileSync } from 'node:fs';

/** Names in a directory; none where it is not there or may not be read. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A small file's text without its last line's end; empty where it cannot be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** A file's number; null where it has none. */
export function numberOf(path: string): number | null {
  const text = textOf(path);
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? null : value;
}
