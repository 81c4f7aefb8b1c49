import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { constants as errno } from 'node:os';
import { dirname, join } from 'node:path';
import { errnoError } from './errno-error.js';
import { tryLockFile } from './syscalls.js';
import { makeTrustedDirectory } from './trusted-directory.js';

/** Another daemon governs this host. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  constructor(
    readonly pid: number | null,
    readonly file: string,
  ) {
    super(`another vmc daemon (pid ${pid ?? 'unknown'}) governs this host: stop it first (lock: ${file})`);
  }
}

const EWOULDBLOCK = errno.errno.EAGAIN;
const DEFAULT_SLICE = 'vmc.slice';
/** Not where any user may make files: their locks would keep root's daemon from starting. */
const ROOT_LOCK_DIRECTORY = '/run/vmc';

/** The lock of root's daemon, which governs the guests of all users. */
export const lockOfHost = (sliceName = DEFAULT_SLICE): string =>
  join(ROOT_LOCK_DIRECTORY, `${sliceName}.lock`);

/** Whoever governs the same cgroups is the other daemon, wherever it keeps its journal; users without them have their own. */
export const lockFileOf = (stateDirectory: string, sliceName = DEFAULT_SLICE): string =>
  process.getuid?.() === 0 ? lockOfHost(sliceName) : join(stateDirectory, `${sliceName}.lock`);

/**
 * One daemon a host: a file that is locked (flock) as long as its process lives, and names it. However the process ends the
 * kernel gives the lock up, so that nothing has to be cleaned up and no reused number, nor a pid of another namespace, deceives.
 */
export class DaemonLock {
  #descriptor: number | null = null;

  constructor(readonly file: string) {}

  /** Throws {@link AlreadyRunningError} while another process holds the lock, an UntrustedDirectoryError, and errno errors. */
  acquire(): void {
    makeTrustedDirectory(dirname(this.file));
    const { O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
    while (this.#descriptor === null) {
      // Whoever can open a file can lock it: nobody else may, or they could keep us from starting.
      const descriptor = openSync(this.file, O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
      try {
        if (tryLockFile(descriptor) < 0) throw new AlreadyRunningError(readHolder(this.file), this.file);
        // A holder that ended in good order between our opening and our locking has removed this very file.
        if (!isStillThere(this.file, descriptor)) {
          closeSync(descriptor);
          continue;
        }
        ftruncateSync(descriptor, 0);
        writeSync(descriptor, `${process.pid}\n`, 0);
      } catch (error) {
        closeSync(descriptor);
        throw error;
      }
      this.#descriptor = descriptor;
    }
  }

  release(): void {
    if (this.#descriptor === null) return;
    try {
      unlinkSync(this.file);
    } catch {
      // somebody else removed it
    }
    closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

/** Throws {@link AlreadyRunningError} while a living process holds the lock. */
export function requireFree(file: string): void {
  const holder = lockHolder(file);
  if (holder !== null) throw new AlreadyRunningError(holder.pid, file);
}

/**
 * Whether a living process holds the lock, and which: `pid` null where it cannot be told. Null: nobody holds it. Throws an
 * errno error where the file may not be looked at.
 */
export function lockHolder(file: string): { readonly pid: number | null } | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === 'EACCES') return holderByInode(file);
    throw error;
  }
  try {
    const result = tryLockFile(descriptor);
    if (result === 0) return null; // and given up again with the descriptor
    if (result === -EWOULDBLOCK) return { pid: readHolder(file) };
    throw errnoError(result, `looking at the lock ${file}`);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Of a lock that is another user's: /proc/locks names who holds it, by inode (man 5 proc). Another file system may have a
 * locked file with that number: such a daemon is one too many, which is the safe mistake.
 */
function holderByInode(file: string): { readonly pid: number | null } | null {
  const inode = statSync(file, { throwIfNoEntry: false })?.ino;
  const line = new RegExp(`^\\d+: FLOCK +ADVISORY +WRITE +(\\d+) [0-9a-f]+:[0-9a-f]+:${inode} `, 'm');
  const [, pid] = line.exec(readFileSync('/proc/locks', 'latin1')) ?? [];
  return pid === undefined ? null : { pid: Number(pid) || null };
}

function readHolder(file: string): number | null {
  try {
    const match = /^(\d+)\b/.exec(readFileSync(file, 'utf8'));
    return match ? Number(match[1]) : null;
  } catch {
    return null;
  }
}

function isStillThere(file: string, descriptor: number): boolean {
  try {
    return statSync(file).ino === fstatSync(descriptor).ino;
  } catch {
    return false;
  }
}
