import { closeSync, constants, openSync, readSync } from 'node:fs';

/** A file that cannot be read; `code` is the errno's name, `reason` says it in words ("there is no such file"). */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly code: string;
  /** In words: "there is no such file". */
  readonly reason: string;

  constructor(path: string, code: string) {
    const reason = REASONS[code] ?? code;
    super(`cannot read ${path}: ${reason}`);
    this.code = code;
    this.reason = reason;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EAGAIN: 'nothing to read',
  EISDIR: 'it is a directory',
  ELOOP: 'its links form a loop',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a directory',
  ENXIO: 'it is a socket or a device without a driver',
  EPERM: 'permission denied',
};

/**
 * At most the first `limitBytes` of a file, as text. The file may be anything: a device that never ends is cut off, a
 * pipe that nobody writes to is empty. `-` is standard input. Throws an {@link UnreadableFileError}. Node only.
 */
export function readTextFile(path: string, limitBytes: number): string {
  try {
    return path === '-' ? readAll(0, limitBytes) : readOpened(path, limitBytes);
  } catch (error) {
    throw new UnreadableFileError(path, (error as NodeJS.ErrnoException).code ?? 'EIO');
  }
}

function readOpened(path: string, limitBytes: number): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readAll(descriptor, limitBytes);
  } finally {
    closeSync(descriptor);
  }
}

function readAll(descriptor: number, limitBytes: number): string {
  const pieces: Buffer[] = [];
  let total = 0;
  while (total < limitBytes) {
    const piece = Buffer.allocUnsafe(Math.min(65_536, limitBytes - total));
    const length = readSync(descriptor, piece, 0, piece.length, null);
    if (length === 0) break;
    pieces.push(piece.subarray(0, length));
    total += length;
  }
  return Buffer.concat(pieces).toString('utf8');
}
