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

/**
 * Puts `text` in the place of a file's content: at any time there is the old file or the new one, whole.
 * Symbolic links are followed; the mode stays, and the owner where that is permitted. Throws what the system says: also
 * where the file may not be written but its folder may, and EINVAL where it is no regular file. Node only.
 */
export function replaceFile(path: string, text: string): void {
  const target = realpathSync(path);
  accessSync(target, constants.W_OK);
  const status = statSync(target);
  if (!status.isFile()) throw Object.assign(new Error('it is no regular file'), { code: 'EINVAL' });
  renameOver(target, status, text);
}

function renameOver(target: string, status: Stats, text: string): void {
  const fresh = join(dirname(target), `.${basename(target)}.${process.pid}.vmc-new`);
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
