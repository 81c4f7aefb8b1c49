import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { OutputStream } from './command.js';

const STDOUT = 1;
const RETRY_MS = 5;

/**
 * Standard output or error, written at once and in full. Node's own `process.stdout` loads some 4 ms of modules for
 * streams, which a command that prints a page of text does not need.
 */
export class StandardStream implements OutputStream {
  readonly isTTY: boolean;
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.isTTY = mayBeTerminal(descriptor) && isatty(descriptor);
  }

  get columns(): number {
    return this.isTTY ? terminalColumns(this.#descriptor) : 100;
  }

  /** A reader that has gone away has what it wanted: the process ends (`vmc … | head`). */
  write(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    let written = 0;
    while (written < bytes.length) {
      try {
        written += writeSync(this.#descriptor, bytes, written);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') process.exit();
        if (code !== 'EAGAIN') throw error;
        // Someone made the pipe non-blocking, and it is full.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      }
    }
  }
}

const terminalColumns = (descriptor: number): number =>
  (descriptor === STDOUT ? process.stdout : process.stderr).columns ?? 100;

/** Memory devices on Linux: /dev/null and its like (Documentation/admin-guide/devices.txt). */
const MEMORY_DEVICES = 1;

/** Cheap, and most often enough to know that a stream is no terminal. */
function mayBeTerminal(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor);
    return status.isCharacterDevice() && status.rdev >> 8 !== MEMORY_DEVICES;
  } catch {
    return false;
  }
}
