import { closeSync, constants, openSync, readSync } from 'node:fs';
import { refusal } from './command-error.js';

/**
 * At most the first `limit` bytes of a file, as text. The file may be anything: a device that never ends is cut off, a
 * pipe that nobody writes to is empty. `-` is standard input. Throws a refusal (exit code 4) when it cannot be read.
 */
export function readTextFile(path: string, limit: number): string {
  try {
    return path === '-' ? readAll(0, limit) : readOpened(path, limit);
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw refusal(code, `cannot read ${path}: ${REASONS[code] ?? code}`);
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

function readOpened(path: string, limit: number): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readAll(descriptor, limit);
  } finally {
    closeSync(descriptor);
  }
}

function readAll(descriptor: number, limit: number): string {
  const pieces: Buffer[] = [];
  let total = 0;
  while (total < limit) {
    const piece = Buffer.allocUnsafe(Math.min(65_536, limit - total));
    const length = readSync(descriptor, piece, 0, piece.length, null);
    if (length === 0) break;
    pieces.push(piece.subarray(0, length));
    total += length;
  }
  return Buffer.concat(pieces).toString('utf8');
}
