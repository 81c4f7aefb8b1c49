import { closeSync, openSync, readSync } from 'node:fs';

/** These files share one buffer: what was read is valid until the next read of any. */
let shared = Buffer.allocUnsafe(16 * 1024);

/**
 * A file of /proc, or of cgroups, that stays open and is read again from its start: the kernel renders it anew
 * each time, and no path is looked up. One read costs 2–12 us, a third of what opening it again does. It belongs
 * to one process or thread for ever: once that has ended nothing can be read, whoever has its number then.
 */
export class ProcFile {
  readonly #descriptor: number;
  #length = 0;
  #position = 0;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /**
   * Null when it does not exist or may not be opened. Throws when this process can open no more files at
   * all.
   */
  static open(path: string): ProcFile | null {
    try {
      return new ProcFile(openSync(path, 'r'));
    } catch (error) {
      if (['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      return null;
    }
  }

  /** Reads it anew and stands at its start; false when what it tells of is gone (a thread that ended). */
  read(): boolean {
    this.#position = 0;
    try {
      this.#length = readSync(this.#descriptor, shared, 0, shared.length, 0);
      while (this.#length === shared.length) {
        shared = Buffer.allocUnsafe(2 * shared.length);
        this.#length = readSync(this.#descriptor, shared, 0, shared.length, 0);
      }
    } catch {
      this.#length = 0;
    }
    return this.#length > 0;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** All that the last read gave. */
  text(): string {
    return shared.toString('utf8', 0, this.#length);
  }

  /**
   * The next run of digits on this line as a number, NaN when the line holds no more; a fraction counts as
   * its own run.
   */
  number(): number {
    let position = this.#position;
    let byte = this.#byte(position);
    while ((byte < 48 || byte > 57) && byte !== NEWLINE && byte !== END) byte = this.#byte(++position);
    if (byte === NEWLINE || byte === END) {
      this.#position = position;
      return Number.NaN;
    }
    let value = 0;
    while (byte >= 48 && byte <= 57) {
      value = value * 10 + (byte - 48);
      byte = this.#byte(++position);
    }
    this.#position = position;
    return value;
  }

  /** A number with an optional fraction ("12.34"); NaN when the line holds none. */
  decimal(): number {
    const whole = this.number();
    if (this.#byte(this.#position) !== POINT) return whole;
    const start = this.#position;
    const fraction = this.number();
    return Number.isNaN(fraction) ? whole : whole + fraction / 10 ** (this.#position - start - 1);
  }

  /** Skips `count` numbers of this line. */
  skip(count: number): void {
    for (let i = 0; i < count; i++) this.number();
  }

  /** Whether the text goes on with `prefix`; stands behind it if so, else stays. */
  take(prefix: string): boolean {
    for (let i = 0; i < prefix.length; i++) {
      if (this.#byte(this.#position + i) !== prefix.charCodeAt(i)) return false;
    }
    this.#position += prefix.length;
    return true;
  }

  /** Goes to the start of the next line; false at the end. */
  nextLine(): boolean {
    const newline = shared.indexOf(NEWLINE, this.#position);
    if (newline < 0 || newline + 1 >= this.#length) {
      this.#position = this.#length;
      return false;
    }
    this.#position = newline + 1;
    return true;
  }

  /**
   * Goes behind the last `)` of the text: a command name in /proc/PID/stat may hold anything, `)` included.
   */
  afterName(): void {
    this.#position = shared.lastIndexOf(PARENTHESIS, this.#length - 1) + 1;
  }

  /** The next character that is no space; empty at the end. */
  letter(): string {
    while (this.#byte(this.#position) === SPACE) this.#position += 1;
    const byte = this.#byte(this.#position);
    return byte === END ? '' : String.fromCharCode(byte);
  }

  #byte(position: number): number {
    return position < this.#length ? shared[position]! : END;
  }
}

const NEWLINE = 10;
const SPACE = 32;
const POINT = 46;
const PARENTHESIS = 41;
const END = -1;
