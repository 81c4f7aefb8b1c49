import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { readStartTime } from './task-stat.js';
import { makeTrustedDirectory } from './trusted-directory.js';

/** Another daemon governs this host. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  constructor(
    readonly pid: number,
    readonly file: string,
  ) {
    super(`another vmc daemon (pid ${pid}) governs this host: stop it first (lock: ${file})`);
  }
}

/** One daemon a host: a file that names its process by pid and start time, so that a crash leaves nothing to clean. */
export class DaemonLock {
  #held = false;

  constructor(readonly file: string) {}

  /** Throws {@link AlreadyRunningError} while the process that holds the lock lives, or an UntrustedDirectoryError. */
  acquire(): void {
    makeTrustedDirectory(dirname(this.file));
    for (;;) {
      try {
        const descriptor = openSync(this.file, 'wx', 0o644);
        writeSync(descriptor, `${process.pid} ${readStartTime(process.pid)}\n`);
        closeSync(descriptor);
        this.#held = true;
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      requireFree(this.file);
      removeQuietly(this.file);
    }
  }

  release(): void {
    if (this.#held) removeQuietly(this.file);
    this.#held = false;
  }
}

/** Throws {@link AlreadyRunningError} while the process lives that a lock file names. */
export function requireFree(file: string): void {
  const holder = readLock(file);
  if (holder && readStartTime(holder.pid) === holder.startTime) {
    throw new AlreadyRunningError(holder.pid, file);
  }
}

/** The process that a lock file names; null for none or an unreadable one. It may have ended. */
export function readLock(file: string): { readonly pid: number; readonly startTime: bigint } | null {
  try {
    const match = /^(\d+) (\d+)$/.exec(readFileSync(file, 'utf8').trim());
    return match ? { pid: Number(match[1]), startTime: BigInt(match[2] ?? 0) } : null;
  } catch {
    return null;
  }
}

function removeQuietly(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // somebody else removed it
  }
}
