import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { AlreadyRunningError, DaemonLock } from '../linux/daemon-lock.js';
import type { EnforcerEvent } from '../status.js';
import { Database, isDamage } from './database.js';
import type { LedgerBatch } from './ledger-batch.js';
import { ledgerFile } from './ledger-file.js';
import type { LedgerTrouble } from './ledger-protocol.js';
import { type LedgerQuestion, LedgerReader } from './ledger-reader.js';
import { type LedgerStart, unknownStart } from './ledger-start.js';
import { LedgerWriter } from './ledger-writer.js';

/** An hour of what could not be written, and so many events, wait for better times; then the oldest are lost. */
const MOST_WAITING_BATCHES = 360;
const MOST_WAITING_EVENTS = 10_000;

/** The file and who writes and reads it, while it can be had. */
interface Open {
  readonly database: Database;
  readonly writer: LedgerWriter;
  readonly reader: LedgerReader;
}

/**
 * Keeps the ledger of one daemon, whatever happens to its file: a full disk or one that must not be written is waited out, a
 * damaged file is set aside, another daemon's is left alone. No method but `answer` throws.
 */
export class LedgerKeeper {
  readonly #directory: string;
  readonly #lock: DaemonLock;
  readonly #batches: LedgerBatch[] = [];
  readonly #events: EnforcerEvent[] = [];
  #open: Open | null = null;
  #isLocked = false;
  #setAside: LedgerTrouble | null = null;
  #trouble: LedgerTrouble | null = null;

  constructor(directory: string) {
    this.#directory = directory;
    this.#lock = new DaemonLock(join(directory, 'ledger.lock'));
  }

  /** What is wrong at present. */
  get troubles(): readonly LedgerTrouble[] {
    return [this.#setAside, this.#trouble].filter((one) => one !== null);
  }

  /** Begins a run; where the file cannot be had, as if there had been none before. */
  start(nowMs: number): LedgerStart {
    return this.#attempt(() => this.#begin(nowMs)) ?? unknownStart(nowMs);
  }

  write(batch: LedgerBatch): void {
    this.#batches.push(batch);
    this.#flush(batch.untilMs);
  }

  append(event: EnforcerEvent): void {
    this.#events.push(event);
    // With trouble it is tried again every 10 s, not at each event.
    if (this.#open !== null && this.#trouble === null) this.#flush(event.atMs);
    while (this.#events.length > MOST_WAITING_EVENTS) this.#events.shift();
  }

  /** Throws what libsql does, or an Error that says why the ledger cannot be read. */
  answer(question: LedgerQuestion, nowMs: number): unknown {
    if (this.#open === null) throw new Error(this.#trouble?.message ?? 'the ledger is not open');
    return this.#open.reader.answer(question, nowMs);
  }

  stop(nowMs: number): void {
    this.#flush(nowMs);
    this.#attempt(() => this.#open?.writer.end(nowMs));
    this.#close();
    if (this.#isLocked) this.#lock.release();
    this.#isLocked = false;
  }

  #flush(nowMs: number): void {
    this.#attempt(() => {
      if (this.#open === null) this.#begin(nowMs);
      const open = this.#open;
      if (open === null) return;
      if (this.#events.length > 0) open.writer.append(this.#events);
      this.#events.length = 0;
      for (let batch = this.#batches[0]; batch; batch = this.#batches[0]) {
        open.writer.write(batch);
        this.#batches.shift();
      }
      this.#trouble = null;
    });
    while (this.#batches.length > MOST_WAITING_BATCHES) this.#batches.shift();
  }

  #begin(nowMs: number): LedgerStart {
    if (!this.#isLocked) {
      this.#lock.acquire();
      this.#isLocked = true;
    }
    const file = ledgerFile(this.#directory);
    const database = Database.forWriting(file);
    const writer = new LedgerWriter(database);
    const start = writer.begin(nowMs);
    this.#open = { database, writer, reader: new LedgerReader(database) };
    this.#trouble = null;
    return start;
  }

  /** Null: it failed, and {@link troubles} says why. What fails on a damaged file is done again on a new one. */
  #attempt<T>(work: () => T): T | null {
    for (const isLast of [false, true]) {
      try {
        return work();
      } catch (error) {
        if (!isDamage(error)) this.#trouble = troubleOf(error, this.#directory);
        if (!isDamage(error) || !this.#putAside(error as Error) || isLast) return null;
      }
    }
    return null;
  }

  /** Whether there is room for a new file now. */
  #putAside(error: Error): boolean {
    this.#close();
    const file = ledgerFile(this.#directory);
    const aside = `${file}.damaged-${new Date().toISOString().replace(/[:.]/g, '')}`;
    try {
      for (const end of ['', '-wal', '-shm']) {
        if (existsSync(file + end)) renameSync(file + end, aside + end);
      }
    } catch (failure) {
      this.#trouble = troubleOf(failure, this.#directory);
      return false;
    }
    this.#setAside = {
      code: 'ledger-set-aside',
      message: `the ledger could not be read (${error.message}), and was set aside as ${aside}`,
      fallback: 'a new one was begun: what is in the old one is missing in accounts, and budgets begin anew',
    };
    return true;
  }

  #close(): void {
    try {
      this.#open?.database.close();
    } catch {
      // It is given up either way.
    }
    this.#open = null;
  }
}

function troubleOf(error: unknown, directory: string): LedgerTrouble {
  const fallback =
    'guests are governed as before; what was measured is kept for an hour, and tried again every 10 s';
  if (error instanceof AlreadyRunningError) {
    return {
      code: 'ledger-in-use',
      message: `the ledger in ${directory} is kept by another daemon (pid ${error.pid}): give each its own with VMC_STATE_DIR`,
      fallback,
    };
  }
  const { message } = error as Error;
  return {
    code: 'ledger-not-written',
    message: `the ledger in ${directory} cannot be written: ${reasonOf(message)}`,
    fallback,
  };
}

/** Without "ENOSPC: …, open '…'" around it, where the system said it. */
const reasonOf = (message: string): string =>
  /^E[A-Z]+: ([^,]+)/.exec(message)?.[1] ?? message.replace('VMC_RUNTIME_DIR', 'VMC_STATE_DIR');
