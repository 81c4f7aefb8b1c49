import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { AlreadyRunningError, DaemonLock } from '../linux/daemon-lock.js';
import { Database, isDamage } from './database.js';
import type { DatabaseKind } from './database-kind.js';

/** What is wrong with a database, and what becomes of what is measured meanwhile. */
export interface DatabaseTrouble {
  readonly code: `${DatabaseKind['name']}-${'not-written' | 'in-use' | 'set-aside'}`;
  readonly message: string;
  readonly fallback: string;
}

/**
 * A database that one daemon keeps, whatever happens to its file: a full disk or one that must not be written is waited out, a
 * damaged file is set aside, another daemon's is left alone. `T` is what works on it while it is open. Nothing here throws.
 */
export class KeptDatabase<T> {
  readonly #directory: string;
  readonly #kind: DatabaseKind;
  readonly #begin: (database: Database, nowMs: number) => T;
  readonly #lock: DaemonLock;
  #open: { readonly database: Database; readonly use: T } | null = null;
  #isLocked = false;
  #setAside: DatabaseTrouble | null = null;
  #trouble: DatabaseTrouble | null = null;

  /** `begin` is called whenever the file was opened. */
  constructor(directory: string, kind: DatabaseKind, begin: (database: Database, nowMs: number) => T) {
    this.#directory = directory;
    this.#kind = kind;
    this.#begin = begin;
    this.#lock = new DaemonLock(join(directory, `${kind.name}.lock`));
  }

  /** What is wrong at present. */
  get troubles(): readonly DatabaseTrouble[] {
    return [this.#setAside, this.#trouble].filter((one) => one !== null);
  }

  /** Null: it could not be opened, or is closed. */
  get open(): T | null {
    return this.#open?.use ?? null;
  }

  /** It is open, and the last attempt went well. */
  get isSound(): boolean {
    return this.#open !== null && this.#trouble === null;
  }

  /**
   * Does something with it, opening it first where it is not open. Null: it failed, and {@link troubles} says why. What fails on a damaged file
   * is done again on a new one.
   */
  attempt<R>(nowMs: number, work: (use: T) => R): R | null {
    for (const isLast of [false, true]) {
      try {
        const answer = work(this.#opened(nowMs));
        this.#trouble = null;
        return answer;
      } catch (error) {
        if (!isDamage(error)) this.#trouble = this.#troubleOf(error);
        if (!isDamage(error) || !this.#putAside(error as Error) || isLast) return null;
      }
    }
    return null;
  }

  close(): void {
    this.#closeFile();
    if (this.#isLocked) this.#lock.release();
    this.#isLocked = false;
  }

  #opened(nowMs: number): T {
    if (this.#open !== null) return this.#open.use;
    if (!this.#isLocked) {
      this.#lock.acquire();
      this.#isLocked = true;
    }
    const database = Database.forWriting(databaseFile(this.#directory, this.#kind), this.#kind);
    try {
      this.#open = { database, use: this.#begin(database, nowMs) };
    } catch (error) {
      database.close();
      throw error;
    }
    return this.#open.use;
  }

  /** Whether there is room for a new file now. */
  #putAside(error: Error): boolean {
    this.#closeFile();
    const { name, afterSetAside } = this.#kind;
    const file = databaseFile(this.#directory, this.#kind);
    const aside = `${file}.damaged-${new Date().toISOString().replace(/[:.]/g, '')}`;
    try {
      for (const end of ['', '-wal', '-shm']) {
        if (existsSync(file + end)) renameSync(file + end, aside + end);
      }
    } catch (failure) {
      this.#trouble = this.#troubleOf(failure);
      return false;
    }
    this.#setAside = {
      code: `${name}-set-aside`,
      message: `the ${name} could not be read (${error.message}), and was set aside as ${aside}`,
      fallback: afterSetAside,
    };
    return true;
  }

  #closeFile(): void {
    try {
      this.#open?.database.close();
    } catch {
      // It is given up either way.
    }
    this.#open = null;
  }

  #troubleOf(error: unknown): DatabaseTrouble {
    const { name, fallback } = this.#kind;
    if (error instanceof AlreadyRunningError) {
      return {
        code: `${name}-in-use`,
        message: `the ${name} in ${this.#directory} is kept by another daemon (pid ${error.pid}): give each its own with VMC_STATE_DIR`,
        fallback,
      };
    }
    const { message } = error as Error;
    return {
      code: `${name}-not-written`,
      message: `the ${name} in ${this.#directory} cannot be written: ${reasonOf(message)}`,
      fallback,
    };
  }
}

/** The file of a database in the state directory. */
export const databaseFile = (directory: string, { name }: Pick<DatabaseKind, 'name'>): string =>
  join(directory, `${name}.db`);

/** Without "ENOSPC: …, open '…'" around it, where the system said it. */
const reasonOf = (message: string): string =>
  /^E[A-Z]+: ([^,]+)/.exec(message)?.[1] ?? message.replace('VMC_RUNTIME_DIR', 'VMC_STATE_DIR');
