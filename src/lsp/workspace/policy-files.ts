import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile, UnreadableFileError } from '../../support/read-text-file.js';

/** What the server asks of the file system. */
export interface PolicyFiles {
  /** Tells one state of a file from another; null where there is none. */
  stateOf(path: string): string | null;
  /** `reason` ends a sentence: "there is no such file". */
  read(path: string): { readonly text: string } | { readonly reason: string };
  /** Policies in a folder and, when `deep`, below it. */
  list(folder: string, deep: boolean): readonly string[];
}

/** One byte more than a policy may have: what is longer is found to be. */
const READ_LIMIT_BYTES = 1024 * 1024 + 1;
/** A workspace may be a home directory. */
const MOST_POLICIES = 1000;
const MOST_FOLDERS = 2000;

export const policyFiles: PolicyFiles = { stateOf, read, list };

function stateOf(path: string): string | null {
  const status = statSync(path, { throwIfNoEntry: false, bigint: true });
  return status === undefined ? null : `${status.ino} ${status.size} ${status.mtimeNs}`;
}

function read(path: string): ReturnType<PolicyFiles['read']> {
  try {
    return { text: readTextFile(path, READ_LIMIT_BYTES) };
  } catch (error) {
    if (error instanceof UnreadableFileError) return { reason: reasonOf(error, path) };
    throw error;
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
