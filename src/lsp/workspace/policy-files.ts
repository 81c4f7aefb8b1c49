import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile, UnreadableFileError } from '../../support/read-text-file.js';

/** What the server asks of the file system. */
export interface PolicyFiles {
  /** Null where there is nothing to read; `changed` tells one state of the file from another. */
  read(path: string): { readonly text: string; readonly changed: number } | { readonly reason: string };
  /** Policies in a folder and, when `deep`, below it. */
  list(folder: string, deep: boolean): readonly string[];
}

/** One byte more than a policy may have: what is longer is found to be. */
const READ_LIMIT_BYTES = 1024 * 1024 + 1;
/** A workspace may be a home directory. */
const MOST_POLICIES = 1000;
const MOST_FOLDERS = 2000;

export const policyFiles: PolicyFiles = { read, list };

function read(path: string): ReturnType<PolicyFiles['read']> {
  try {
    const { mtimeMs } = statSync(path);
    return { text: readTextFile(path, READ_LIMIT_BYTES), changed: mtimeMs };
  } catch (error) {
    return { reason: error instanceof UnreadableFileError ? reasonOf(error, path) : 'there is no such file' };
  }
}

/** Without the path, which whoever asks names. */
const reasonOf = ({ message }: UnreadableFileError, path: string): string =>
  message.replace(`cannot read ${path}: `, '');

function list(folder: string, deep: boolean): readonly string[] {
  const found: string[] = [];
  const folders = [folder];
  for (let at = 0; at < folders.length && at < MOST_FOLDERS && found.length < MOST_POLICIES; at++) {
    for (const entry of entriesOf(folders[at] ?? '')) {
      const path = join(folders[at] ?? '', entry.name);
      if (entry.isFile() && entry.name.endsWith('.vmc')) found.push(path);
      if (deep && entry.isDirectory() && !isSkipped(entry.name)) folders.push(path);
    }
  }
  return found.slice(0, MOST_POLICIES);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Nobody keeps policies there. */
const isSkipped = (name: string): boolean => name.startsWith('.') || name === 'node_modules';
