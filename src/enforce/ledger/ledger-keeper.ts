import type { EnforcerEvent } from '../status.js';
import { type DatabaseTrouble, KeptDatabase } from './kept-database.js';
import type { LedgerBatch } from './ledger-batch.js';
import { type LedgerQuestion, LedgerReader } from './ledger-reader.js';
import { type LedgerStart, unknownStart } from './ledger-start.js';
import { LedgerWriter } from './ledger-writer.js';
import { LEDGER } from './schema.js';

/** An hour of what could not be written, and so many events, wait for better times; then the oldest are lost. */
const MOST_WAITING_BATCHES = 360;
const MOST_WAITING_EVENTS = 10_000;

/** Who writes and reads the file, while it can be had. */
interface LedgerUse {
  readonly writer: LedgerWriter;
  readonly reader: LedgerReader;
  readonly start: LedgerStart;
}

/** Keeps the ledger of one daemon, whatever happens to its file. No method but `answer` throws. */
export class LedgerKeeper {
  readonly #kept: KeptDatabase<LedgerUse>;
  readonly #batches: LedgerBatch[] = [];
  readonly #events: EnforcerEvent[] = [];

  constructor(directory: string) {
    this.#kept = new KeptDatabase(directory, LEDGER, (database, nowMs) => {
      const writer = new LedgerWriter(database);
      return { writer, reader: new LedgerReader(database), start: writer.begin(nowMs) };
    });
  }

  /** What is wrong at present. */
  get troubles(): readonly DatabaseTrouble[] {
    return this.#kept.troubles;
  }

  /** Begins a run; where the file cannot be had, as if there had been none before. */
  start(nowMs: number): LedgerStart {
    return this.#kept.attempt(nowMs, ({ start }) => start) ?? unknownStart(nowMs);
  }

  write(batch: LedgerBatch): void {
    this.#batches.push(batch);
    this.#flush(batch.untilMs);
  }

  append(event: EnforcerEvent): void {
    this.#events.push(event);
    // With trouble it is tried again every 10 s, not at each event.
    if (this.#kept.isSound) this.#flush(event.atMs);
    while (this.#events.length > MOST_WAITING_EVENTS) this.#events.shift();
  }

  /** Throws what libsql does, or an Error that says why the ledger cannot be read. */
  answer(question: LedgerQuestion, nowMs: number): unknown {
    const { open, troubles } = this.#kept;
    if (open === null) throw new Error(troubles.at(-1)?.message ?? 'the ledger is not open');
    return open.reader.answer(question, nowMs);
  }

  stop(nowMs: number): void {
    this.#flush(nowMs);
    if (this.#kept.open !== null) this.#kept.attempt(nowMs, ({ writer }) => writer.end(nowMs));
    this.#kept.close();
  }

  #flush(nowMs: number): void {
    this.#kept.attempt(nowMs, ({ writer }) => {
      if (this.#events.length > 0) writer.append(this.#events);
      this.#events.length = 0;
      for (let batch = this.#batches[0]; batch; batch = this.#batches[0]) {
        writer.write(batch);
        this.#batches.shift();
      }
    });
    while (this.#batches.length > MOST_WAITING_BATCHES) this.#batches.shift();
  }
}
