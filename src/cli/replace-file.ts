import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandError, refusal } from './command-error.js';
import { reasonOf } from './system-reason.js';

/**
 * Puts `text` in the place of a file's content: at any time there is the old file or the new one, whole.
 * Symbolic links are followed; the mode stays, and the owner where that is permitted. Exit code 4 when the
 * file may not be written, even where its folder may.
 */
export function replaceFile(path: string, text: string): void {
  try {
    const target = realpathSync(path);
    accessSync(target, constants.W_OK);
    const status = statSync(target);
    if (!status.isFile()) throw refusal('EINVAL', `cannot write ${path}: it is no regular file`);
    renameOver(target, status, text);
  } catch (error) {
    throw error instanceof CommandError ? error : asRefusal(error as NodeJS.ErrnoException, path);
  }
}

function asRefusal(error: NodeJS.ErrnoException, path: string): CommandError {
  // Only the new file is made under another name, and only its folder can keep it from being made.
  const where = error.syscall === 'open' ? 'no file can be made in its folder: ' : '';
  return refusal(error.code ?? 'EIO', `cannot write ${path}: ${where}${reasonOf(error)}`);
}

function renameOver(target: string, status: Stats, text: string): void {
  const fresh = join(dirname(target), `.${basename(target)}.${process.pid}.vmc-fmt`);
  // Nobody reads it before it has its mode.
  const descriptor = openSync(fresh, 'wx', 0o600);
  try {
    try {
      writeFileSync(descriptor, text);
      takeOver(descriptor, status);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function takeOver(descriptor: number, { uid, gid, mode }: Stats): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
  fchmodSync(descriptor, mode & 0o7777);
}
